import json

from conftest import article
from ledger_steps import finish
from operators import Printed

from cli import audit, verify, withdraw
from cli.exits import Exit
from schemas import Lane, Outcome
from store import Store


def test_verify_of_a_sound_ledger_ends_with_0(store: Store, printed: Printed) -> None:
    finish(store)
    assert verify.verify(as_json=False, store=store) is Exit.OK
    told = printed()
    assert "1 accepted = 1 done" in told
    assert "Sound" in told


def test_verify_with_findings_ends_with_1_and_names_them(store: Store, printed: Printed) -> None:
    ref = finish(store)
    store.client.zrem(store.keys.by_outcome(Outcome.DONE), str(ref))
    assert verify.verify(as_json=False, store=store) is Exit.FOUND
    assert ref.article_id in printed()


def test_verify_as_json_holds_the_findings(store: Store, printed: Printed) -> None:
    store.client.hset(store.keys.counts, "accepted", 7)
    assert verify.verify(as_json=True, store=store) is Exit.FOUND
    document = json.loads(printed())
    assert not document["sound"]
    assert document["findings"]


def test_many_findings_are_cut(store: Store, printed: Printed) -> None:
    store.ledger.accept([article(number) for number in range(25)])
    for ref in store.client.zrange(store.keys.waiting(Lane.LIVE), 0, -1):
        store.client.zrem(store.keys.waiting(Lane.LIVE), ref)
    store.ledger.accept([article(99)])
    assert verify.verify(as_json=False, store=store) is Exit.FOUND
    assert "more; --json lists all of them" in printed()


def test_verify_repairs_what_can_be_repaired(store: Store, printed: Printed) -> None:
    ref, lost = finish(store, 1), finish(store, 2)
    store.client.zrem(store.keys.by_outcome(Outcome.DONE), str(ref))
    store.client.delete(store.keys.record(lost))
    assert verify.verify(as_json=False, mend=True, store=store) is Exit.OK
    told = printed()
    assert "1 article was put back" in told
    assert f"{lost} is lost" in told
    assert "Sound" in told


def test_a_repair_as_json_says_what_was_done(store: Store, printed: Printed) -> None:
    ref = finish(store)
    store.client.zrem(store.keys.by_outcome(Outcome.DONE), str(ref))
    assert verify.verify(as_json=True, mend=True, store=store) is Exit.OK
    document = json.loads(printed())
    assert not document["sound"]
    assert document["repair"]["mended"] == [str(ref)]
    assert document["repair"]["after"]["sound"]


def test_a_sound_ledger_needs_no_repair(store: Store, printed: Printed) -> None:
    finish(store)
    assert verify.verify(as_json=False, mend=True, store=store) is Exit.OK
    assert "put back" not in printed()


def test_withdrawals_and_repairs_stand_in_the_audit_log(store: Store) -> None:
    ref = finish(store)
    store.client.zrem(store.keys.every, str(ref))
    verify.verify(as_json=True, mend=True, store=store)
    withdraw.withdraw([ref.article_id], as_json=True, store=store)
    newest = [(entry.key_name, entry.action, entry.subject, entry.outcome) for entry in store.audit.newest()]
    assert newest == [
        (audit.person().key_name, "withdraw", ref.article_id, "done"),
        (audit.person().key_name, "repair", "1 findings", "done"),
    ]
