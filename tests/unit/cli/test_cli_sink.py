import json
import os
import signal
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import article
from typer.testing import CliRunner
from unit.api.application import finish

from cli import sink
from cli.errors import Trouble, as_trouble
from cli.exits import Exit
from cli.local.ports import free_port
from cli.main import app
from store import BadName, Store
from workers.settings import settings
from workers.sinks.errors import FeedTrimmed, missing_package
from workers.sinks.files import FileSink

Run = Callable[..., str]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs `dateline sink …` on this store."""
    monkeypatch.setattr(sink, "open_store", lambda: store)
    monkeypatch.setattr(sink.dateline_logging, "configure", lambda _: None)
    monkeypatch.delenv("DATELINE_SINK_POSTGRES_URL", raising=False)
    settings.cache_clear()
    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield lambda *words: CliRunner().invoke(app, ["sink", *words], catch_exceptions=False).stdout
    for name, handler in handlers.items():
        signal.signal(name, handler)
    settings.cache_clear()


def publish(store: Store, *numbers: int) -> None:
    store.ledger.accept([article(number) for number in numbers])
    finish(store)


def test_files_are_written_to_the_end_of_the_feed_and_it_is_said_how_much(
    run: Run, store: Store, tmp_path: Path
) -> None:
    publish(store, 1, 2)
    told = json.loads(run("files", str(tmp_path), "--once", "--json").splitlines()[-1])
    assert told == {"sink": "files", "cursor": store.feed.newest(), "results": 2}
    assert len(list(tmp_path.glob("day=*/*.ndjson.gz"))) == 1


def test_a_sink_that_follows_serves_its_metrics(
    run: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, 1, 2)
    monkeypatch.setenv("DATELINE_METRICS_PORT", str(free_port()))
    settings.cache_clear()
    seen: list[bytes] = []

    def look_and_stop(_: FileSink) -> None:
        port = settings().metrics_port
        seen.append(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read())
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(FileSink, "idle", look_and_stop)
    run("files", str(tmp_path))
    assert b'dateline_sink_results_total{kind="files"} 2.0' in seen[0]


def test_sinks_are_listed_with_how_far_behind_they_are(run: Run, store: Store, tmp_path: Path) -> None:
    assert "There are no sinks" in run("list")
    run("files", str(tmp_path), "--once")
    publish(store, 1)
    [told] = json.loads(run("list", "--json"))
    assert (told["name"], told["kind"], told["cursor"], told["missed"]) == ("files", "files", "0-0", 0)
    assert told["lag_s"] >= 0
    listed = run("list")
    assert "files" in listed
    assert "just now ago" not in listed


def test_how_far_behind_a_sink_is_is_told_in_the_words_of_an_age(
    run: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("files", str(tmp_path), "--once")
    monkeypatch.setattr(store.feed, "lags", lambda reached, _: dict.fromkeys(reached, 2_560.0))
    assert "42 min 40 s" in run("list")


def test_a_sink_that_missed_something_is_let_go_on(run: Run, store: Store, tmp_path: Path) -> None:
    run("files", str(tmp_path), "--once")
    publish(store, 1, 2)
    store.ledger.forget(results_before_ms=10**15, bodies_before_ms=0)
    with pytest.raises(FeedTrimmed, match="2 outcomes"):
        run("files", str(tmp_path), "--once")
    assert "goes on without 2 outcomes" in run("overlook", "files")
    assert "missed nothing" in run("overlook", "files")
    assert json.loads(run("overlook", "files", "--json")) == {"name": "files", "overlooked": 0}
    run("files", str(tmp_path), "--once")


def test_a_sink_that_is_no_more_is_forgotten(run: Run, tmp_path: Path) -> None:
    run("files", str(tmp_path), "--once")
    assert "not in the list any more" in run("forget", "files")
    for command in ("forget", "overlook"):
        with pytest.raises(Trouble, match="no sink files") as told:
            run(command, "files")
        assert told.value.exit_code == Exit.MISSING


def test_what_is_missing_is_told_with_a_next_step(run: Run, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="which PostgreSQL") as told:
        run("postgres")
    assert "DATELINE_SINK_POSTGRES_URL" in told.value.next_step
    with pytest.raises(Trouble, match="no format csv"):
        run("files", str(tmp_path), "--format", "csv")


def test_a_folder_without_a_name_is_not_the_one_that_one_is_in(run: Run) -> None:
    with pytest.raises(Trouble, match="no name"):
        run("files", "", "--once")


def test_a_name_that_cannot_be_shown_is_told_with_a_next_step(run: Run, tmp_path: Path) -> None:
    with pytest.raises(BadName) as error:
        run("files", str(tmp_path), "--name", "a b", "--once")
    trouble = as_trouble(error.value)
    assert (trouble.exit_code, trouble.next_step.startswith("Choose one of letters")) == (Exit.USAGE, True)


def test_what_stops_a_sink_is_one_line_and_one_step() -> None:
    trouble = as_trouble(FeedTrimmed("files", 12))
    assert trouble.message == "The retention deleted 12 outcomes before the sink files had them."
    assert trouble.next_step.startswith("Go on without them with `dateline sink overlook files`")
    trouble = as_trouble(missing_package("pyarrow"))
    assert (trouble.message, trouble.exit_code) == ("pyarrow is not installed here.", Exit.MACHINE)
    assert trouble.next_step == "Install it with `pip install pyarrow`."


@pytest.mark.integration
def test_tables_are_made_and_filled(run: Run, store: Store, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_SINK_POSTGRES_URL", postgres_url)
    settings.cache_clear()
    assert json.loads(run("migrate", "--json")) == {"version": 1, "added": [1]}
    assert "of version 1, as before" in run("migrate")
    publish(store, 1)
    assert "postgres: 1 outcomes" in run("postgres", "--once")
