import json

import pytest
from ledger_steps import finish
from operators import Printed, operating

from cli import reprocess
from cli.reprocess import Pace
from schemas import Lane
from store import Store


def test_reprocessing_is_a_dry_run_unless_told_otherwise(store: Store, printed: Printed) -> None:
    finish(store)
    reprocess.reprocess({"stage": "geotag"}, Pace(go=False, per_second=50), as_json=False, client=operating(store))
    assert "1 of 1 results would be sent" in printed()
    assert store.ledger.backlog().pending == 0


def test_reprocessing_keeps_the_pace(store: Store, printed: Printed) -> None:
    for number in range(5):
        finish(store, number)
    pauses: list[float] = []
    pace = Pace(go=True, per_second=0.2)
    reprocess.reprocess({"outcome": "done"}, pace, as_json=True, client=operating(store), pause=pauses.append)
    told = json.loads(printed())
    assert (told["sent"], told["dry_run"]) == (5, False)
    assert pauses == [10.0, 10.0], "two at a time, one in five seconds"
    assert store.ledger.backlog().waiting[Lane.BULK] == 5


def test_reprocessing_names_what_was_left_out(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    ref = finish(store)
    store.client.hdel(store.keys.record(ref), "body")
    reprocess.reprocess({}, Pace(go=True, per_second=9), as_json=False, client=operating(store))
    told = capsys.readouterr()
    assert "0 of 1 results are on their way" in told.out
    assert "1 left out: what was submitted is not kept any more" in told.err


def test_a_dry_run_counts_what_would_be_sent_and_names_what_would_not(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(store, 2)
    ref = finish(store, 1)
    store.client.hset(store.keys.head(ref.article_id), "revision", 2)
    reprocess.reprocess({}, Pace(go=False, per_second=9), as_json=False, client=operating(store))
    told = capsys.readouterr()
    assert "1 of 2 results would be sent" in told.out
    assert "1 left out: there is a later revision" in told.err
