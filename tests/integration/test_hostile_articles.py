"""What is made to hang, fill or break a worker, in one batch with good articles: the limits hold, nobody else pays.

Pages that hang or fill a parser die in a child. Halves of surrogate pairs, which no UTF-8 can hold, are refused where a
submission is made of them, and read as something else where they stand within a page.
"""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from conftest import RedisServer, Workers, eventually
from receiver import receiving
from unit.api.application import NDJSON, serving

from schemas import Lane, Outcome, Submission
from store import NewArticle, Store

pytestmark = pytest.mark.integration
_PARAGRAPH = "<p>A good paragraph of an article about Paris that says what happened where and to whom.</p>"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
PAGES = {
    "nested tags": "<div>" * 100_000 + "x" + "</div>" * 100_000,
    "one long line": "<p>" + "word " * 990_000 + "</p>",
    "attributes": "<p " + " ".join(f'a{n}="1"' for n in range(200_000)) + ">x</p>",
    "billion laughs": f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{_LAUGHS}]><html><body><p>&l9;</p></body></html>',
    "links": "<p>" + '<a href="/x">x</a>' * 100_000 + "</p>",
}
TEXTS = {
    "brackets": "(" * 500_000,
    "numbers": "1,2," * 200_000,
    "initials": "A. B. " * 150_000,
    "bullets": "Related: • One • Two " * 40_000,
    "white space": "word" + " \t" * 400_000 + "word",
    "one word": "a" * 900_000,
    "dashes": "LONDON (Reuters) - " * 50_000,
}
"""Text that excites patterns."""
MOST_MB = 900


def test_hostile_articles_neither_hurt_their_batch_nor_kill_or_bloat_a_worker(
    real_store: Store, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CHAOS_STAGES", "clean")
    good = [f"<html><body><article>{_PARAGRAPH * 8}<p>{n}</p></article></body></html>" for n in range(12)]
    bodies = [{"html": page} for page in [*good[:6], *PAGES.values(), *good[6:]]]
    bodies += [{"text": text} for text in TEXTS.values()]
    articles = [Submission.model_validate({"url": f"https://x.example/{n}", **body}) for n, body in enumerate(bodies)]
    refs = [a.ref for a in real_store.ledger.accept([NewArticle(item, Lane.BULK, "t") for item in articles])]
    worker = workers.start("benchmarks.chaos.worker", claim_bytes=10**9, lease=30)
    eventually(lambda: real_store.ledger.backlog().pending == 0, 90, "an outcome for every article")
    assert real_store.ledger.backlog().outcome(Outcome.DONE) == len(bodies)
    assert all(loaded and loaded.lost == 0 for loaded in real_store.ledger.load(refs, [])), "no process died of them"
    biggest = max(child.memory_info().rss for child in psutil.Process(worker.pid).children(recursive=True))
    assert biggest < MOST_MB * 1_000_000
    assert real_store.verify().sound


def submission(fields: str, number: int = 1) -> bytes:
    """An article as JSON, with fields as they are written there."""
    return f'{{"url": "https://half.example/{number}", {fields}}}'.encode()


HALVES = {
    "in the text": submission(r'"text": "A \ud83d half."'),
    "the lower half first": submission(r'"text": "A \ude00\ud83d pair."'),
    "in a lenient field": submission(r'"text": "A text.", "section": "\ud800"'),
    "in a list": submission(r'"text": "A text.", "authors": ["Jane \udfff Doe"]'),
    "deep in what is carried through": submission(r'"text": "A text.", "extra": {"a": [{"b": "\udc00"}]}'),
    "in a name": submission(r'"text": "A text.", "extra": {"\ud800": 1}'),
    "in the page": submission(r'"html": "<p>A \ud83d half.</p>"'),
    "in its id": submission(r'"text": "A text.", "external_id": "\udbff"'),
    "as bytes": submission('"text": "A HERE half."').replace(b"HERE", b"\xed\xa0\xbd"),
    "both halves as bytes": submission('"text": "A HERE half."').replace(b"HERE", b"\xed\xa0\xbd\xed\xb8\x80"),
}
"""Submissions that are no Unicode."""


@pytest.mark.parametrize("body", HALVES.values(), ids=list(HALVES))
def test_half_of_a_surrogate_pair_is_refused_by_itself(real_store: Store, body: bytes) -> None:
    """Alone with a problem, in a batch without harm to its neighbours, in whatever format it is written."""
    good = [submission(f'"text": "Article {n}: \\ud83d\\ude00."', n) for n in (7, 8)]
    lines = b"\n".join([good[0], body, good[1]])
    array = b"[" + b",".join([good[0], body, good[1]]) + b"]"
    as_bytes = not body.isascii()
    with serving(real_store) as client:
        alone = client.post("/v1/articles", content=body, headers={"Content-Type": "application/json"})
        assert (alone.status_code, alone.json()["type"]) == (400, "urn:dateline:problem:malformed-json")
        for written_in in ("dateline", "auto"):
            batch = client.post(f"/v1/articles:batch?format={written_in}", content=lines, headers=NDJSON)
            assert batch.status_code == 207
            assert [item.get("receipt") is not None for item in batch.json()["items"]] == [True, False, True]
        answer = client.post("/v1/articles:batch", content=array, headers={"Content-Type": "application/json"})
        # An array that is no UTF-8 has no elements that could be told apart.
        assert answer.status_code == (400 if as_bytes else 207)
    assert real_store.ledger.backlog().accepted == 2


_STORY = _PARAGRAPH * 8
_HEADLINE = json.dumps({"@type": "NewsArticle", "headline": "A \ud83d half", "author": {"name": "Jane \udc00 Doe"}})
ODD_PAGES = {
    "references": f"<title>A &#xD83D; half</title><article>{_STORY}<p>It ended &#55296; &#xDFFF; there.</p></article>",
    "references to both halves": f"<article>{_STORY}<p>It ended &#xD83D;&#xDE00; there.</p></article>",
    "JSON-LD": f'<script type="application/ld+json">{_HEADLINE}</script><article>{_STORY}</article>',
    "attributes": f'<meta property="og:title" content="A &#xD800; half"><article>{_STORY}</article>',
    "an address": f'<link rel="canonical" href="https://half.example/&#xD800;"><article>{_STORY}</article>',
}
"""Pages that are Unicode as they stand, and hold halves all the same."""
ODD_BYTES = {
    "bytes of a half": f"<article>{_STORY}<p>It ended ".encode() + b"\xed\xa0\xbd there.</p></article>",
    "bytes of both": f"<article>{_STORY}<p>It ended ".encode() + b"\xed\xa0\xbd\xed\xb8\x80</p></article>",
    "half in UTF-16": codecs.BOM_UTF16_LE
    + f"<article>{_STORY}<p>It ended ".encode("utf-16-le") + b"\x3d\xd8" + " there.</p></article>".encode("utf-16-le"),
    "half at the end of UTF-16": codecs.BOM_UTF16_BE + f"<article>{_STORY}".encode("utf-16-be") + b"\xd8\x3d",
}  # fmt: skip
"""Pages whose bytes hold halves."""


def halves(value: Any) -> bool:
    """Whether there is half of a surrogate pair anywhere in a JSON value."""
    return any("\ud800" <= character <= "\udfff" for character in json.dumps(value, ensure_ascii=False))


@pytest.fixture(scope="module")
def every_stage(_session_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    """A worker with every real stage, for whoever only needs one to be there."""
    workers = Workers(_session_redis, tmp_path_factory.mktemp("every-stage"))
    workers.start("workers", recognizer="onnx:fast", lease=30)
    yield workers
    workers.kill(workers.processes[0])


def test_halves_within_a_page_cost_nobody_an_article(real_store: Store, every_stage: Workers) -> None:
    """Through every real stage, as JSON, as NDJSON and as bytes, in batches with good articles."""
    sent = 0
    with serving(real_store) as client:
        for name, page in ODD_PAGES.items():
            body = {"html": page, "text": f"{name} &#xD83D; as text", "url": f"https://half.example/{sent}"}
            assert client.post("/v1/articles", json=body).status_code == 202
            lines = [
                json.dumps({**body, "url": f"https://half.example/{name}/{n}".replace(" ", "-")}) for n in range(2)
            ]
            assert client.post("/v1/articles:batch", content="\n".join(lines), headers=NDJSON).status_code == 202
            sent += 3
        for name, content in ODD_BYTES.items():
            url = httpx.QueryParams({"url": f"https://half.example/{name}".replace(" ", "-")})
            headers = {"Content-Type": "text/html"}
            assert client.post(f"/v1/pages?{url}", content=content, headers=headers).status_code == 202
            sent += 1
        eventually(lambda: real_store.ledger.backlog().pending == 0, 90, "an outcome for every article")
        assert real_store.ledger.backlog().outcome(Outcome.DONE) == sent
        items = client.get("/v1/feed?limit=100").json()["items"]
        assert len(items) == sent
        assert not halves(items)
        for item in items:
            result = client.get(f"/v1/articles/{item['article_id']}").json()
            assert "what happened where and to whom" in result["clean"]["text"], item["url"]
            assert not halves(result)
    assert real_store.verify().sound


def test_no_address_in_a_submission_is_ever_called_and_no_file_read(
    real_store: Store, every_stage: Workers, tmp_path: Path
) -> None:
    """Neither that of an article, nor what a page refers to: pictures, frames, styles, entities, schemas."""
    secret = tmp_path / "secret"
    secret.write_text("zebrafinch")
    with receiving() as receiver, serving(real_store) as client:
        url = receiver.url
        page = f"""<?xml version="1.0"?><!DOCTYPE html SYSTEM "{url}/dtd" [
            <!ENTITY % remote SYSTEM "{url}/remote"> %remote;
            <!ENTITY page SYSTEM "{url}/entity"><!ENTITY file SYSTEM "file://{secret}">]>
            <html xmlns:xi="http://www.w3.org/2001/XInclude"><head><base href="{url}/base/">
            <link rel="canonical" href="{url}/canonical">
            <link rel="stylesheet" href="{url}/style"><link rel="amphtml" href="{url}/amp">
            <meta http-equiv="refresh" content="0; url={url}/refresh"><meta property="og:image" content="{url}/image">
            <script src="{url}/script"></script>
            <script type="application/ld+json">
            {{"@context": "{url}/context", "@type": "NewsArticle", "url": "{url}/ld"}}</script>
            </head><body><iframe src="{url}/frame"></iframe><article>{_STORY}<p>&page; &file;</p>
            <xi:include href="file://{secret}" parse="text"/><img src="{url}/picture"><a href="{url}/link">More</a>
            </article></body></html>"""
        addresses = dict.fromkeys(("url", "canonical_url", "image_url", "source_domain"), url)
        bodies = [
            {"html": page, **addresses},
            {"text": f"Read all of it at {url}/text. {_PARAGRAPH * 8}", "url": f"{url}/second"},
            {"html": page, "extra": {"callback": url, "webhook": url}},
        ]
        for body in bodies:
            assert client.post("/v1/articles", json=body).status_code == 202
        sent = client.post(f"/v1/pages?url={url}/page", content=page.encode(), headers={"Content-Type": "text/html"})
        assert sent.status_code == 202
        eventually(lambda: real_store.ledger.backlog().pending == 0, 60, "an outcome for every article")
        items = client.get("/v1/feed").json()["items"]
        assert [item["outcome"] for item in items] == ["done"] * 4
        assert "zebrafinch" not in json.dumps(
            [client.get(f"/v1/articles/{item['article_id']}").json() for item in items]
        )
        assert receiver.calls == []
        httpx.get(url)
        assert len(receiver.calls) == 1, "who does call is noticed"
