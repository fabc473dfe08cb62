"""`up` and `demo` with a stack and an API of the test's own; the real ones run in `make demo`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from unit.cli.results import record, result
from unit.cli.service import client, problem

from cli.demo import run as demo
from cli.demo.checks import EXACT, GOLDEN, GOLDEN_TITLE, NEAR
from cli.errors import Trouble
from cli.exits import Exit
from cli.local import services, stack
from cli.local import up as module
from cli.local.redis_server import RedisConfig
from cli.local.services import Ports
from cli.local.stack import Plan
from cli.local.state import LocalInstance, StateDir
from cli.local.stopping import Interrupted
from schemas import Relation, StageName
from store import Scope, Store
from workers.settings import Settings

INSTANCE = LocalInstance(1, "http://api.test", "http://f", "dateline:pw", "redis://h/0", "redis://h/1", "dl_key")


class Signals:
    def sleep(self, seconds: float) -> None:
        """No time passes."""


class Running:
    """A stack in which nothing runs."""

    def __init__(self) -> None:
        self.signals = Signals()
        self.stayed = 0

    def check(self, doing: str) -> None:
        """Nothing dies."""

    def stay(self, tell: object = None) -> None:  # noqa: ARG002
        self.stayed += 1
        raise Interrupted


class Stage:
    """Stands for `running_stack`: remembers what it was asked to run."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.running = Running()

    @contextmanager
    def __call__(self, plan: Plan, announce: Any) -> Iterator[tuple[Running, LocalInstance]]:
        self.plans.append(plan)
        announce("everything")
        yield self.running, INSTANCE


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store: Store) -> Stage:
    found = Stage()
    settings = Settings(_env_file=None, state_dir=tmp_path / "state")  # type: ignore[call-arg]
    for place in (module, demo):
        monkeypatch.setattr(place, "running_stack", found)
        monkeypatch.setattr(place, "settings", lambda: settings)
    monkeypatch.setattr(demo.Store, "open", lambda *_: store)
    return found


# -- up


def test_up_says_where_everything_is_and_stays(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    module.up(api_port=None, flower_port=None, concurrency=2, as_json=False)
    told = capsys.readouterr().out
    assert "http://api.test/docs" in told
    assert told.splitlines()[-1] == "Stopped."
    assert stage.running.stayed == 1
    assert stage.plans[0].concurrency == 2


def test_up_for_programs_prints_addresses_and_no_key(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    module.up(api_port=None, flower_port=None, concurrency=None, as_json=True)
    assert stage.running.stayed == 1
    document = json.loads(capsys.readouterr().out)
    assert document["api_url"] == "http://api.test"
    assert "api_key" not in document


def test_ports_are_chosen_as_asked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "require_free", lambda port, *_: port)
    module.up(api_port=1, flower_port=None, concurrency=None, as_json=False)
    ports = stage.plans[0].choose_ports()
    assert (ports.api, ports.flower) == (1, 5555)


# -- demo


class Api:
    """Takes every sample and knows the result of each at once."""

    def __init__(self, **overrides: Any) -> None:
        self.names = [sample.name for sample in demo.read_samples(ROOT / "samples")]
        self.taken = 0
        self.overrides = overrides

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.taken += 1
            return httpx.Response(202, json={"id": f"a{self.taken}"})
        return httpx.Response(200, json=self._result(request.url.path.rpartition("/")[2]))

    def _result(self, article_id: str) -> Any:
        name = self.names[int(article_id[1:]) - 1]
        more: dict[str, Any] = {"title": GOLDEN_TITLE} if name == GOLDEN else {}
        for (first, second), relation in ((EXACT, Relation.EXACT), (NEAR, Relation.NEAR)):
            if name == second:
                more = {"relation": relation, "of": f"a{self.names.index(first) + 1}"}
        return result(article_id, **(more | self.overrides)).model_dump(mode="json")


def demonstrate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: Any, **options: Any) -> tuple[Exit, Any]:
    monkeypatch.setattr(demo, "ApiClient", lambda _: client(api))
    report = tmp_path / "reports" / "demo.json"
    ended = demo.run_demo(ROOT / "samples", report, **({"keep": False, "as_json": False} | options))
    return ended, json.loads(report.read_text("utf-8"))


@pytest.mark.usefixtures("stage")
def test_a_good_demo_ends_with_0_and_leaves_a_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, report = demonstrate(monkeypatch, tmp_path, Api())
    assert ended is Exit.OK
    assert report["passed"]
    assert report["metrics"]["checks_passed"] == report["gates"]["checks_passed"]["min"]
    assert len(report["articles"]) == report["metrics"]["samples"]
    told = capsys.readouterr().out
    assert GOLDEN_TITLE.split()[0] in told
    assert "make up" in told


@pytest.mark.usefixtures("stage")
def test_a_wrong_result_ends_with_1_and_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, report = demonstrate(monkeypatch, tmp_path, Api(title="Wrong"))
    assert ended is Exit.FOUND
    assert not report["passed"]
    assert "✗ the golden sample's title: Wrong" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_is_told_before_anything_is_started(tmp_path: Path, stage: Stage) -> None:
    with pytest.raises(Trouble, match="cannot be written"):
        demo.run_demo(ROOT / "samples", tmp_path, keep=False, as_json=False)
    assert not stage.plans


@pytest.mark.usefixtures("stage")
def test_a_demo_for_programs_prints_its_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = demonstrate(monkeypatch, tmp_path, Api(), as_json=True)
    assert json.loads(capsys.readouterr().out) == report


def test_a_demo_may_stay_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stage: Stage) -> None:
    demonstrate(monkeypatch, tmp_path, Api(), keep=True)
    assert stage.running.stayed == 1


def test_a_demo_runs_apart_from_what_is_there_already(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stage: Stage
) -> None:
    demonstrate(monkeypatch, tmp_path, Api())
    (plan,) = stage.plans
    assert plan.from_scratch
    assert plan.state.path == tmp_path / "state" / "demo"
    ports = plan.choose_ports()
    assert len({ports.redis, ports.api, ports.flower}) == 3


@pytest.mark.usefixtures("stage")
def test_a_sample_that_is_refused_ends_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Not valid"):
        demonstrate(monkeypatch, tmp_path, lambda _: httpx.Response(422, json=problem(422, "Not valid")))


@pytest.mark.usefixtures("stage")
def test_articles_without_an_outcome_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "_PATIENCE_S", -1.0)
    waiting = {key: value for key, value in Api()._result("a1").items() if key in ("id", "revision", "latest_revision")}
    waiting |= {"lane": "live", "trace_id": "t", "accepted_at": "2026-01-01T00:00:00Z", "state": "waiting"}
    waiting |= {"attempts": 0, "stages": [record(StageName.CLEAN).model_dump(mode="json")]}
    accept = httpx.Response(202, json={"id": "a1"})
    with pytest.raises(Trouble, match="No outcome within"):
        demonstrate(
            monkeypatch,
            tmp_path,
            lambda request: accept if request.method == "POST" else httpx.Response(200, json=waiting),
        )


# -- introducing a store to its owner


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, store: Store) -> Plan:
    monkeypatch.setattr(stack.Store, "open", lambda *_: store)
    monkeypatch.setattr(store, "close", lambda: None)
    state = StateDir(tmp_path)
    state.prepare()
    return Plan(state, lambda: Ports(1, 2, 3), "dl")


def test_the_owner_gets_a_key_for_everything_once(plan: Plan, store: Store, tmp_path: Path) -> None:
    config = RedisConfig(1, tmp_path, "pw")
    first = stack._introduce(plan, Ports(1, 2, 3), config)
    again = stack._introduce(plan, Ports(1, 2, 3), config)
    assert first.api_key == again.api_key
    found = store.access.find(first.api_key)
    assert found
    assert found.scopes == set(Scope)
    assert plan.state.read() == again


def test_a_key_that_the_store_does_not_know_is_replaced(plan: Plan, store: Store, tmp_path: Path) -> None:
    plan.state.write(INSTANCE)
    instance = stack._introduce(plan, Ports(1, 2, 3), RedisConfig(1, tmp_path, "pw"))
    assert instance.api_key != INSTANCE.api_key
    assert store.access.find(instance.api_key)


# -- asking whether a part works


@pytest.mark.integration
def test_a_redis_that_answers_is_ready(redis_server: Any) -> None:
    assert services._pings(redis_server.url())


def test_a_redis_that_is_not_there_is_not_ready() -> None:
    assert not services._pings("redis://127.0.0.1:9/0")


def test_an_address_that_does_not_answer_is_not_ready() -> None:
    assert not services._answers("http://127.0.0.1:9/")
