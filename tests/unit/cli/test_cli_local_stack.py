import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from unit.cli.local_processes import INSTANCE, SLEEP

from cli.errors import Trouble
from cli.local import stack
from cli.local.ports import LOOPBACK
from cli.local.process import Process
from cli.local.redis_server import RedisConfig
from cli.local.services import (
    Ports,
    Service,
    application_services,
    environment,
    live_worker_service,
    webhooks_service,
    worker_service,
)
from cli.local.stack import Died, Plan, Stack, running_stack
from cli.local.state import StateDir
from cli.local.stopping import Interrupted, StopSignals
from cli.local.up import panel
from workers.settings import Settings


def a_stack(*processes: Process, ready: bool = True) -> tuple[Stack, list[Service]]:
    return Stack(StopSignals()), [Service(process, lambda: ready) for process in processes]


def test_what_dies_is_named_with_the_end_of_its_log(process: Callable[..., Process]) -> None:
    crashing = process(sys.executable, "-c", "print('no such table'); raise SystemExit(4)")
    running, services = a_stack(crashing, ready=False)
    running.start(services)
    with pytest.raises(Died, match="no such table") as died:
        running.wait_ready(services)
    assert "thing ended while starting (exit code 4)" in died.value.message


def test_what_does_not_get_ready_is_named_with_its_log(
    process: Callable[..., Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "_START_S", 0.1)
    running, services = a_stack(process(*SLEEP), ready=False)
    running.start(services)
    with pytest.raises(Trouble, match="did not get ready") as trouble:
        running.wait_ready(services)
    assert "thing.log" in trouble.value.next_step
    running.stop()


def test_what_uses_redis_is_stopped_before_redis(tmp_path: Path) -> None:
    order: list[str] = []

    class Noted(Process):
        def ask_to_stop(self) -> None:
            order.append(self.name)
            super().ask_to_stop()

        def wait(self) -> bool:
            order.append(f"{self.name} ended")
            return super().wait()

    processes = [Noted(name, SLEEP, tmp_path / name, {}) for name in ("redis", "api", "worker")]
    running, services = a_stack(*processes)
    running.start(services)
    running.stop()
    assert order == ["api", "worker", "api ended", "worker ended", "redis", "redis ended"]


def test_a_command_that_is_not_there_is_told(process: Callable[..., Process]) -> None:
    running, services = a_stack(process("/no/such/command"))
    with pytest.raises(Trouble, match="cannot be started"):
        running.start(services)


def test_a_signal_ends_staying_and_a_second_one_does_no_harm() -> None:
    with StopSignals() as signals:
        running = Stack(signals)
        os.kill(os.getpid(), 15)
        os.kill(os.getpid(), 2)
        with pytest.raises(Interrupted):
            running.stay()


def test_everything_is_stopped_also_when_the_block_fails(
    state: StateDir, monkeypatch: pytest.MonkeyPatch, process: Callable[..., Process]
) -> None:
    sleeper = process(*SLEEP)
    monkeypatch.setattr(stack, "redis_service", lambda *_: Service(sleeper, lambda: True))
    monkeypatch.setattr(stack, "application_services", lambda *_: [])
    monkeypatch.setattr(stack, "_introduce", lambda *_: INSTANCE)
    plan = Plan(state, lambda: Ports(1, 2, 3), "dl")

    def fail_within() -> None:
        with running_stack(plan) as (running, instance):
            assert running.running
            assert instance is INSTANCE
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_within()
    assert sleeper.exit_code is not None


def test_a_demo_begins_with_an_empty_store(state: StateDir, monkeypatch: pytest.MonkeyPatch) -> None:
    (state.redis / "appendonly.aof").write_text("old")
    monkeypatch.setattr(stack, "_start", lambda *_: INSTANCE)
    with running_stack(Plan(state, lambda: Ports(1, 2, 3), "dl", from_scratch=True)):
        assert not list(state.redis.iterdir())


def test_all_parts_are_told_the_same_addresses(state: StateDir) -> None:
    config, ports = RedisConfig("6400", state.redis, "pw"), Ports(6400, 8001, 5556)  # type: ignore[arg-type]
    told = environment(config, ports, state, 3)
    assert told["DATELINE_REDIS_URL"].endswith("/0")
    assert told["DATELINE_BROKER_URL"].endswith("/1")
    assert told["DATELINE_API_HOST"] == LOOPBACK
    assert told["DATELINE_WORKER_CONCURRENCY"] == "3"
    commands = {s.process.name: s.process.command for s in application_services(ports, state, told)}
    assert commands.keys() == {"api", "flower", "worker"}
    assert "workers.flower" in commands["flower"]
    assert f"--address={LOOPBACK}" in commands["flower"]
    assert not [word for command in commands.values() for word in command if "pw" in word]


def test_the_live_lane_gets_a_worker_of_its_own(state: StateDir) -> None:
    told = environment(RedisConfig("6400", state.redis, "pw"), Ports(6400, 8001, 5556), state, 3)  # type: ignore[arg-type]
    live = live_worker_service(state, told).process
    [worker] = [s.process for s in application_services(Ports(1, 2, 3), state, told) if s.process.name == "worker"]
    assert live.environment["DATELINE_WORKER_LANE"] == "live"
    assert live.environment["DATELINE_WORKER_CONCURRENCY"] == "1"
    assert "DATELINE_WORKER_LANE" not in worker.environment
    assert live.environment["DATELINE_HEARTBEAT_FILE"] != worker.environment["DATELINE_HEARTBEAT_FILE"]


def test_webhooks_are_called_by_a_process_of_their_own(state: StateDir) -> None:
    process = webhooks_service(state, {"DATELINE_REDIS_URL": "redis://x"}).process
    assert process.command[-1] == "workers.webhooks"
    assert process.environment["DATELINE_HEARTBEAT_FILE"].endswith("webhooks.heartbeat")


def test_each_process_has_a_port_for_metrics_of_its_own(state: StateDir, monkeypatch: pytest.MonkeyPatch) -> None:
    def ports(first: int) -> list[str | None]:
        monkeypatch.setattr("cli.local.services.read_settings", lambda: Settings(_env_file=None, metrics_port=first))
        services = [worker_service("worker", state, {}), live_worker_service(state, {}), webhooks_service(state, {})]
        return [service.process.environment.get("DATELINE_METRICS_PORT") for service in services]

    assert ports(9100) == ["9100", "9101", "9102"]
    assert ports(0) == [None, None, None]


def test_the_panel_shows_addresses_and_no_secret(state: StateDir) -> None:
    from rich.console import Console

    console = Console(width=100)
    with console.capture() as captured:
        console.print(panel(INSTANCE, state))
    assert "http://a/docs" in captured.get()
    assert "dl_key" not in captured.get()
    assert json.dumps("pw") not in captured.get()


def a_staying_stack(service: Service, rounds: int = 40) -> tuple[Stack, list[str]]:
    """A stack with one service that stays for a bounded number of looks."""
    told: list[str] = []
    looks = iter(range(rounds))

    class Bounded(StopSignals):
        def sleep(self, seconds: float) -> None:  # noqa: ARG002
            time.sleep(0.05)
            if next(looks, None) is None:
                raise Interrupted

    running = Stack(Bounded())
    running.start([service])
    return running, told


def test_what_ends_is_replaced_while_it_stays(process: Callable[..., Process], tmp_path: Path) -> None:
    mark = tmp_path / "once"
    code = f"import pathlib, time; p = pathlib.Path({str(mark)!r}); time.sleep(60) if p.exists() else p.touch()"
    running, told = a_staying_stack(Service(process(sys.executable, "-c", code), lambda: True))
    with pytest.raises(Interrupted):
        running.stay(told.append)
    assert told == ["thing ended (exit code 0); starting another one"]
    assert running.running[0].process.exit_code is None
    running.stop()


def test_what_gives_no_sign_of_life_is_replaced(process: Callable[..., Process]) -> None:
    silent = [True]
    service = Service(process(*SLEEP), lambda: True, seems_dead=lambda: bool(silent), forget=silent.clear)
    running, told = a_staying_stack(service, rounds=3)
    first = running.running[0].process.pid
    with pytest.raises(Interrupted):
        running.stay(told.append)
    assert told == ["thing gives no sign of life; starting another one"]
    assert running.running[0].process.pid != first
    running.stop()


def test_what_ends_again_and_again_ends_everything(process: Callable[..., Process]) -> None:
    crashing = Service(process(sys.executable, "-c", "raise SystemExit(4)"), lambda: True)
    running, told = a_staying_stack(crashing, rounds=400)
    with pytest.raises(Died, match="again and again"):
        running.stay(told.append)
    assert len(told) == 3
