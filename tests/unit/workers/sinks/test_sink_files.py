import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from archive_traffic import Traffic, results
from conftest import article
from pyarrow import parquet
from unit.api.application import finish

from schemas import FeedPage, Result
from store import Store
from workers.sinks.errors import SinkError
from workers.sinks.files import FileSink, Form, Rolling
from workers.sinks.parquet import SCHEMA_VERSION
from workers.sinks.runner import Runner, current_results

ALL = 10_000


def give(store: Store, sink: FileSink, after: str) -> FeedPage:
    """Let a sink take everything that the feed tells behind a cursor."""
    page = store.feed.page(after, ALL)
    sink.take(page, current_results(store, page.items))
    return page


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("day=*/*"))


def lines(file: Path) -> list[Result]:
    return [Result.model_validate_json(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


@pytest.fixture
def published(store: Store) -> Store:
    for _ in Traffic(store).flow(60):
        pass
    return store


def test_a_file_is_named_by_the_stretch_of_the_feed_that_it_holds(published: Store, tmp_path: Path) -> None:
    sink = FileSink(tmp_path)
    give(published, sink, sink.resume())
    assert sink.cursor == "0-0", "nothing is safe in an open file"
    sink.close()
    [file] = files(tmp_path)
    newest = published.feed.newest()
    assert sink.cursor == newest
    assert file.name == f"articles_0-0_{newest}.ndjson.gz"
    assert file.parent.name == f"day={lines(file)[0].finished_at:%Y-%m-%d}"
    assert {(one.id, one.revision): one for one in lines(file)} == results(published)


def test_a_sink_goes_on_behind_its_finished_files(published: Store, tmp_path: Path) -> None:
    first = FileSink(tmp_path)
    give(published, first, first.resume())
    first.close()
    assert FileSink(tmp_path).resume() == published.feed.newest()


def test_it_goes_on_there_when_its_files_were_taken_elsewhere(published: Store, tmp_path: Path) -> None:
    first = FileSink(tmp_path)
    give(published, first, first.resume())
    first.close()
    files(tmp_path)[0].unlink()
    assert FileSink(tmp_path).resume() == published.feed.newest()


def test_what_a_killed_sink_left_open_is_thrown_away(published: Store, tmp_path: Path) -> None:
    (tmp_path / ".open.parquet").write_bytes(b"half of")
    sink = FileSink(tmp_path)
    assert sink.resume() == "0-0"
    assert not (tmp_path / ".open.parquet").exists()


def test_a_file_is_finished_when_it_is_large(published: Store, tmp_path: Path) -> None:
    sink = FileSink(tmp_path, Form.PARQUET, Rolling(max_bytes=1_000))
    page = give(published, sink, sink.resume())
    assert len(files(tmp_path)) == 1
    assert sink.cursor == page.next_cursor


def test_a_file_is_finished_when_it_is_old(published: Store, tmp_path: Path) -> None:
    now = [0.0]
    sink = FileSink(tmp_path, rolling=Rolling(max_age=timedelta(seconds=60)), clock=lambda: now[0])
    give(published, sink, sink.resume())
    now[0] = 59.0
    sink.idle()
    assert not files(tmp_path)
    now[0] = 60.0
    sink.idle()
    assert len(files(tmp_path)) == 1


def test_another_day_begins_another_file(tmp_path: Path, store: Store) -> None:
    day_ms = 86_400_000
    sink = FileSink(tmp_path)
    cursor = sink.resume()
    for number, midnight in enumerate((20_000, 20_001)):
        store.ledger.accept([article(number)])
        [ref] = finish(store)
        told = store.feed.page(store.feed.newest() if number else "0-0", 1).items or store.feed.page(limit=ALL).items
        [result] = store.results.many([ref])
        assert isinstance(result, Result)
        moved = result.model_copy(update={"cursor": f"{midnight * day_ms + 5}-0"})
        cursor = moved.cursor
        sink.take(FeedPage(items=told[-1:], next_cursor=cursor, more=False), [moved])
    sink.close()
    assert [file.parent.name for file in files(tmp_path)] == ["day=2024-10-04", "day=2024-10-05"]
    assert [file.name for file in files(tmp_path)] == [
        f"articles_0-0_{20_000 * day_ms + 5}-0.ndjson.gz",
        f"articles_{20_000 * day_ms + 5}-0_{20_001 * day_ms + 5}-0.ndjson.gz",
    ]


def test_a_stretch_without_results_needs_no_file(published: Store, tmp_path: Path) -> None:
    sink = FileSink(tmp_path)
    sink.resume()
    sink.take(FeedPage(items=(), next_cursor="7-0", more=False), [])
    assert sink.cursor == "7-0"
    sink.close()
    assert not files(tmp_path)


def test_two_sinks_do_not_share_a_folder(tmp_path: Path) -> None:
    first = FileSink(tmp_path)
    first.resume()
    with pytest.raises(SinkError, match="a folder of its own"):
        FileSink(tmp_path).resume()
    first.close()
    FileSink(tmp_path).resume()


def test_a_folder_that_cannot_be_is_told_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="correct the path"):
        FileSink(tmp_path / "file").resume()


def test_a_damaged_mark_is_told_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "_cursor.json").write_text("{")
    with pytest.raises(SinkError, match="delete it if"):
        FileSink(tmp_path).resume()


def test_a_full_disk_is_told_and_what_is_finished_stays(
    published: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = FileSink(tmp_path)
    give(published, sink, sink.resume())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SinkError, match=r"No space left on device.*make room"):
        sink.close()
    assert not files(tmp_path)
    assert sink.cursor == "0-0"


def test_parquet_reads_back_as_the_very_results(published: Store, tmp_path: Path) -> None:
    sink = FileSink(tmp_path, Form.PARQUET)
    Runner(published, sink).run(once=True)
    [file] = files(tmp_path)
    rows = parquet.read_table(file, partitioning=None).to_pylist(maps_as_pydicts="strict")
    read = [Result.model_validate(row) for row in rows]
    assert {(one.id, one.revision): one for one in read} == results(published)


def test_a_parquet_file_says_what_it_is(published: Store, tmp_path: Path) -> None:
    Runner(published, FileSink(tmp_path, Form.PARQUET)).run(once=True)
    told = parquet.ParquetFile(files(tmp_path)[0]).metadata.metadata
    assert told[b"dateline.schema"] == str(SCHEMA_VERSION).encode()
    assert told[b"dateline.after"] == b"0-0"
    assert told[b"dateline.upto"] == published.feed.newest().encode()
    assert told[b"dateline.results"] == str(len(results(published))).encode()


@pytest.mark.parametrize("form", Form)
def test_memory_does_not_grow_with_the_file(form: Form, tmp_path: Path, store: Store) -> None:
    """Rows leave for the file a row group at a time."""
    store.ledger.accept([article(1)])
    [ref] = finish(store)
    [result] = store.results.many([ref])
    assert isinstance(result, Result)
    sink = FileSink(tmp_path, form)
    sink.resume()
    for number in range(25):
        page = FeedPage(items=(), next_cursor=f"{number + 1}-0", more=True)
        sink.take(page, [result.model_copy(update={"cursor": f"{number + 1}-0"})] * 100)
    waiting = getattr(sink._open and sink._open.writer, "_waiting", [])
    assert sum(len(table) for table in waiting) < 1_000
    sink.close()
    if form is Form.PARQUET:
        assert parquet.ParquetFile(files(tmp_path)[0]).metadata.num_row_groups == 3


def test_the_mark_is_json(published: Store, tmp_path: Path) -> None:
    Runner(published, FileSink(tmp_path)).run(once=True)
    assert json.loads((tmp_path / "_cursor.json").read_text()) == {"cursor": published.feed.newest()}
