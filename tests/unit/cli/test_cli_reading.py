import gzip
import io
import json
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from cli.drafts import fetch
from cli.errors import Trouble
from cli.kinds import Kind, kind_of_name, sniff
from cli.reading import drafts


def read(*sources: str | Path) -> list[dict[str, str]]:
    return [json.loads(draft.line) for draft in drafts([str(source) for source in sources])]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", Kind.TEXT),
        ("A.HTML", Kind.HTML),
        ("a.json", Kind.JSON),
        ("a.jsonl.gz", Kind.NDJSON),
        ("a.pdf", None),
    ],
)
def test_a_name_says_what_a_file_holds(name: str, kind: Kind | None) -> None:
    assert kind_of_name(name) is kind


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"Plain words.", Kind.TEXT),
        (b"5 < 6 is true", Kind.TEXT),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", Kind.HTML),
        (b'{"text": "a"}', Kind.JSON),
        (b'{\n "text": "a"\n}', Kind.JSON),
        (b'{"text": "a"}\n{"text": "b"}\n', Kind.NDJSON),
        (b'[{"text": "a"}]', Kind.JSON),
    ],
)
def test_first_bytes_say_what_a_stream_holds(start: bytes, kind: Kind) -> None:
    assert sniff(start) is kind


def test_text_and_pages_become_submissions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "b.html").write_text("<p>Words.</p>")
    assert read(tmp_path) == [{"text": "Words."}, {"html": "<p>Words.</p>"}]


def test_a_folder_is_read_in_order_and_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("b.txt", "a.txt", "inner/c.txt", "photo.jpg"):
        (tmp_path / name).write_text(name)
    assert [article["text"] for article in read(tmp_path)] == ["a.txt", "b.txt", "inner/c.txt"]


def test_a_folder_without_articles_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no articles"):
        read(tmp_path)


def test_json_may_be_one_submission_or_a_list(tmp_path: Path) -> None:
    one, many = tmp_path / "one.json", tmp_path / "many.json"
    one.write_text('{"text": "a"}')
    many.write_text('[{"text": "b"}, {"text": "c"}]')
    assert [article["text"] for article in read(one, many)] == ["a", "b", "c"]


def test_lines_of_ndjson_are_passed_on_untouched_with_their_number(tmp_path: Path) -> None:
    file = tmp_path / "crawl.ndjson.gz"
    file.write_bytes(gzip.compress(b'{"text": "a"}\n\nnot json\n'))
    found = list(drafts([str(file)]))
    assert [draft.line for draft in found] == [b'{"text": "a"}', b"not json"]
    assert found[1].origin.endswith(":3")


def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BufferedReader(io.BytesIO(b'{"text": "a"}\n{"text": "b"}\n'))  # type: ignore[type-var]
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
    assert [article["text"] for article in read("-")] == ["a", "b"]


def test_damaged_gzip_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt.gz"
    file.write_bytes(gzip.compress(b"words " * 1000)[:-20])
    with pytest.raises(Trouble, match="damaged"):
        read(file)


def test_a_missing_file_is_told() -> None:
    with pytest.raises(Trouble, match="cannot be read"):
        read("/no/such/file.txt")


def test_json_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(Trouble, match="not valid JSON"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Bréton".encode(), "Bréton"),
        ("Bréton".encode("utf-8-sig"), "Bréton"),
        ("“Bréton”".encode("cp1252"), "“Bréton”"),
        ('<meta charset="iso-8859-2">Łódź'.encode("iso-8859-2"), '<meta charset="iso-8859-2">Łódź'),
    ],
)
def test_text_is_decoded_as_it_was_written(tmp_path: Path, data: bytes, text: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(data)
    assert read(file) == [{"text": text}]


def test_a_page_that_declares_the_wrong_charset_is_read_as_it_was_written(tmp_path: Path) -> None:
    words = "Губернатор сообщил, что ремонт электросети займёт три дня."
    file = tmp_path / "page.html"
    file.write_bytes(f'<html lang="ru"><meta charset="utf-8"><p>{words}</p></html>'.encode("cp1251"))
    assert words in read(file)[0]["html"]


def test_a_page_is_fetched_here_and_submitted_with_its_final_address() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old":
            return httpx.Response(301, headers={"Location": "https://news.test/new"})
        return httpx.Response(200, html="<p>Words.</p>")

    article = json.loads(fetch("https://news.test/old", httpx.MockTransport(page)).line)
    assert article["url"] == "https://news.test/new"
    assert article["html"] == "<p>Words.</p>"
    assert article["fetched_at"]


def test_a_page_that_is_not_there_is_told() -> None:
    with pytest.raises(Trouble, match="HTTP 404"):
        fetch("https://news.test/a", httpx.MockTransport(lambda _: httpx.Response(404)))


def test_a_page_that_is_too_large_is_not_read_to_its_end() -> None:
    huge = httpx.MockTransport(lambda _: httpx.Response(200, content=b"x" * (7 * 1024 * 1024)))
    with pytest.raises(Trouble, match="larger than 6 MB"):
        fetch("https://news.test/a", huge)


def test_what_is_hidden_in_a_folder_is_not_submitted(tmp_path: Path) -> None:
    for name in ("a.txt", ".venv/lib/licence.txt", ".dateline/local.json", "sub/.secret.txt", "sub/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [found["text"] for found in read(tmp_path)] == ["a.txt", "sub/b.txt"]


def test_a_hidden_folder_that_is_named_is_meant(tmp_path: Path) -> None:
    folder = tmp_path / ".inbox"
    folder.mkdir()
    (folder / "a.txt").write_text("Words.")
    assert len(read(folder)) == 1


@pytest.mark.parametrize(("source", "said"), [("", "no name"), ("ftp://news.example/a.txt", "no web page")])
def test_what_names_no_source_is_told(source: str, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        read(source)
