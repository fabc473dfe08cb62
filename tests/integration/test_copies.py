"""Copies of one article that arrive at once, through real stages on four worker processes."""

import pytest
from conftest import SAMPLE, Workers, eventually

from schemas import Lane, Outcome, Relation, Result, Submission
from store import NewArticle, Store

pytestmark = pytest.mark.integration
COPIES = 20


def test_of_twenty_copies_at_once_through_four_workers_one_is_the_original(real_store: Store, workers: Workers) -> None:
    text = SAMPLE.read_text("utf-8")
    copies = [Submission(url=f"https://outlet-{number}.example/aid", text=text) for number in range(COPIES)]
    accepted = real_store.ledger.accept([NewArticle(copy, Lane.LIVE, "trace") for copy in copies])
    workers.start("workers", worker_concurrency=4, claim_articles=1, lease=30)
    eventually(lambda: real_store.ledger.backlog().outcome(Outcome.DONE) == COPIES, 60, "twenty results")
    results = [real_store.results.get(answer.ref.article_id) for answer in accepted]
    relations = {r.id: r.duplicates for r in results if isinstance(r, Result) and r.duplicates}
    originals = [name for name, found in relations.items() if found.relation is Relation.ORIGINAL]
    assert len(originals) == 1
    copies_of = {(found.relation, found.canonical_id) for name, found in relations.items() if name not in originals}
    assert copies_of == {(Relation.EXACT, originals[0])}
    assert real_store.verify().sound
