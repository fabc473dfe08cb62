"""Pages made to hang or fill a parser, in one batch with good articles: the limits hold in a child that may die."""

import psutil
import pytest
from conftest import Workers, eventually

from schemas import Lane, Outcome, Submission
from store import NewArticle, Store

pytestmark = pytest.mark.integration
_PARAGRAPH = "<p>A good paragraph of an article about Paris that says what happened where and to whom.</p>"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "nested tags": "<div>" * 100_000 + "x" + "</div>" * 100_000,
    "one long line": "<p>" + "word " * 990_000 + "</p>",
    "attributes": "<p " + " ".join(f'a{n}="1"' for n in range(200_000)) + ">x</p>",
    "billion laughs": f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{_LAUGHS}]><html><body><p>&l9;</p></body></html>',
    "links": "<p>" + '<a href="/x">x</a>' * 100_000 + "</p>",
}
MOST_MB = 900


def test_hostile_pages_neither_hurt_their_batch_nor_kill_or_bloat_a_worker(
    real_store: Store, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CHAOS_STAGES", "clean")
    good = [f"<html><body><article>{_PARAGRAPH * 8}<p>{n}</p></article></body></html>" for n in range(12)]
    pages = [*good[:6], *HOSTILE.values(), *good[6:]]
    articles = [Submission(url=f"https://x.example/{n}", html=page) for n, page in enumerate(pages)]
    refs = [a.ref for a in real_store.ledger.accept([NewArticle(item, Lane.BULK, "t") for item in articles])]
    worker = workers.start("benchmarks.chaos.worker", claim_bytes=10**9, lease=30)
    eventually(lambda: real_store.ledger.backlog().pending == 0, 90, "an outcome for every page")
    assert real_store.ledger.backlog().outcome(Outcome.DONE) == len(pages)
    assert all(loaded and loaded.lost == 0 for loaded in real_store.ledger.load(refs, [])), "no process died of them"
    biggest = max(child.memory_info().rss for child in psutil.Process(worker.pid).children(recursive=True))
    assert biggest < MOST_MB * 1_000_000
    assert real_store.verify().sound
