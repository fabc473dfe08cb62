"""Web archives, written by warcio as crawlers do."""

import gc
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cli.drafts import Draft
from cli.errors import Trouble
from cli.exits import Exit
from cli.marks import Marks
from cli.reading import Reading, drafts

PAGE = "<html><body><p>Søren writes.</p></body></html>"


def record(
    writer: Any, url: str, body: bytes, *, status: str = "200 OK", kind: str = "response", **headers: str
) -> None:
    given = {"Content-Type": "text/html; charset=utf-8", **{name.replace("_", "-"): v for name, v in headers.items()}}
    http = StatusAndHeaders(status, list(given.items()), protocol="HTTP/1.1") if kind == "response" else None
    warc = None if http else {"Content-Type": given["Content-Type"]}
    dated = {"WARC-Date": "2026-03-14T07:30:00Z", **(warc or {})}
    writer.write_record(
        writer.create_warc_record(url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=dated)
    )


# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(params=["crawl.warc.gz", "crawl.warc"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "test"}))
        record(writer, "https://a.example/1", PAGE.encode())
        record(writer, "https://a.example/moved", b"", status="301 Moved")
        record(writer, "https://a.example/photo.jpg", b"\xff\xd8", Content_Type="image/jpeg")
        latin = PAGE.encode("latin-1")
        record(writer, "https://a.example/2", latin, Content_Type='text/html; charset="iso-8859-1"')
        packed = gzip.compress(PAGE.encode())
        record(writer, "https://a.example/3", packed, Content_Encoding="gzip")
        record(writer, "https://a.example/4", "Søren writes.".encode(), kind="conversion", Content_Type="text/plain")
        record(writer, "dns:a.example", b"1.2.3.4", kind="resource", Content_Type="text/dns")
    gc.collect()
    return path


def submissions(found: Iterator[Draft]) -> list[dict[str, str]]:
    return [json.loads(draft.line) for draft in found]


def test_pages_of_an_archive_become_submissions(archive: Path) -> None:
    reading = Reading()
    found = submissions(drafts([str(archive)], reading))
    assert [item["url"][-1] for item in found] == ["1", "2", "3", "4"]
    assert [item.get("html") or item["text"] for item in found] == [PAGE, PAGE, PAGE, "Søren writes."]
    assert {item["fetched_at"] for item in found} == {"2026-03-14T07:30:00Z"}
    assert reading.passed_over == 4
    assert reading.bytes_read == archive.stat().st_size


def test_an_archive_is_known_by_its_first_bytes(archive: Path, tmp_path: Path) -> None:
    other = archive.rename(tmp_path / "download")
    assert len(submissions(drafts([str(other)]))) == 4


def test_it_goes_on_after_the_record_that_was_sent_last(archive: Path) -> None:
    marks = Marks(None)
    second = list(drafts([str(archive)]))[1]
    marks.note(archive, second.end, second.number)
    assert [item["url"][-1] for item in submissions(drafts([str(archive)], Reading(marks)))] == ["3", "4"]


def test_a_damaged_archive_is_told(archive: Path) -> None:
    whole = archive.read_bytes()
    broken = whole[:-100] if archive.suffix == ".gz" else whole + b"this is no record\r\n" * 9
    archive.write_bytes(broken)
    with pytest.raises(Trouble, match="damaged") as trouble:
        list(drafts([str(archive)]))
    assert trouble.value.exit_code is Exit.USAGE


def test_a_missing_extra_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "warcio.archiveiterator", None)
    with pytest.raises(Trouble, match="needs warcio") as trouble:
        list(drafts([str(archive)]))
    assert "pip install warcio" in trouble.value.next_step
