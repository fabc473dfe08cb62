import json
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import fakeredis
import httpx
import pytest
import redis
from conftest import article
from structlog.testing import capture_logs
from unit.api.application import serving
from unit.store.test_ledger import claim, failure, finish

from cli import audit, keys, quarantine, reprocess, status, verify, withdraw
from cli.api_client import ApiClient
from cli.connection import ApiAddress
from cli.errors import Trouble
from cli.exits import Exit
from cli.refs import Wanted, parse_ref
from cli.reprocess import Pace
from schemas import FeedSummary, Lane, Outcome, PipelineStatus, Ref, WebhookOrder, WebhookState
from store import Scope, Store

Printed = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    return lambda: capsys.readouterr().out


def operating(store: Store, scope: Scope = Scope.OPERATE) -> ApiClient:
    """A client of an API of the test's own."""

    def forward(request: httpx.Request) -> httpx.Response:
        with capture_logs(), serving(store) as api:
            answer = api.request(
                request.method, str(request.url.raw_path, "ascii"), headers=request.headers, content=request.content
            )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    token, _ = store.access.create("operator", frozenset({scope}))
    return ApiClient(ApiAddress("http://api.test", token), httpx.MockTransport(forward))


def in_quarantine(store: Store, number: int) -> Ref:
    store.ledger.accept([article(number)])
    taken = claim(store)
    store.ledger.quarantine(taken.refs[0], taken.token, failure("Boom"), FeedSummary())
    return taken.refs[0]


@pytest.fixture
def broker(store: Store, monkeypatch: pytest.MonkeyPatch) -> "redis.Redis":
    """What `dateline status` looks at: this store, and this broker."""
    queues = fakeredis.FakeRedis()
    monkeypatch.setattr(status, "open_store", lambda: store)
    monkeypatch.setattr(status, "connect", lambda _: queues)
    return queues


def told_to_programs(printed: Printed) -> dict[str, Any]:
    status.report(as_json=True)
    document: dict[str, Any] = json.loads(printed())
    return document


@pytest.mark.usefixtures("broker")
def test_status_counts_lanes_stages_and_outcomes(store: Store, printed: Printed) -> None:
    finish(store, 1)
    store.ledger.accept([article(2)])
    claim(store)
    store.ledger.accept([article(3, lane=Lane.BULK)])
    document = told_to_programs(printed)
    assert document["accepted"] == 3
    assert document["pending"] == 2
    assert document["lanes"]["bulk"]["waiting"] == 1
    assert document["lanes"]["bulk"]["oldest_seconds"] >= 0
    assert document["lanes"]["live"]["oldest_seconds"] is None
    assert document["lanes"]["live"]["stages"]["clean"]["in_work"] == 1
    assert document["outcomes"]["done"] == 1
    assert document["balanced"]
    assert PipelineStatus.model_validate(document)


def test_status_reads_the_queues_under_the_prefix(broker: "redis.Redis", printed: Printed) -> None:
    broker.rpush("dl.dateline.live.clean", "message")
    lanes = told_to_programs(printed)["lanes"]
    assert lanes["live"]["stages"]["clean"]["messages"] == 1
    assert lanes["bulk"]["stages"]["clean"]["messages"] == 0


@pytest.mark.usefixtures("broker")
def test_status_is_printed_for_people(store: Store, printed: Printed) -> None:
    in_quarantine(store, 1)
    store.consumers.report("archive", "files", "0-0")
    status.report(as_json=False)
    told = printed()
    assert "1 accepted" in told
    assert re.search(r"quarantined +1 +0", told)
    assert re.search(r"archive +consumer", told)
    assert "dateline quarantine list" in told


@pytest.mark.usefixtures("broker")
def test_status_tells_how_it_went_lately(store: Store, printed: Printed) -> None:
    store.scripts.clock_ms = 1_000_000
    store.figures.keep()
    finish(store, 1)
    store.scripts.clock_ms = 1_000_000 + 10_000
    status.report(as_json=False)
    told = printed()
    assert "In the last 10 s: 0.1 accepted and 0.1 finished a second" in told
    assert "Of 1 lately: 0% language, 0% entities, 0% places, 0% focus; 0 are copies" in told


@pytest.mark.usefixtures("broker")
def test_status_tells_of_webhooks_that_are_dead_or_behind(store: Store, printed: Printed) -> None:
    status.report(as_json=False)
    assert "ebhook" not in printed()
    _, dead = store.webhooks.create(WebhookOrder(url="https://a.example/"))
    turn = store.webhooks.take(dead.id, timedelta(minutes=1))
    assert turn
    store.webhooks.over(turn, "500", WebhookState.DEAD, "it failed")
    store.webhooks.create(WebhookOrder(url="https://b.example/"))
    assert [each["lag_seconds"] for each in told_to_programs(printed)["followers"]] == [0]
    finish(store)
    time.sleep(0.01)
    document = told_to_programs(printed)
    assert document["webhooks"] == {"active": 1, "disabled": 0, "ended": 0, "dead": 1}
    assert document["followers"][0]["lag_seconds"] > 0
    status.report(as_json=False)
    told = printed()
    assert "Webhooks: 1 active, 1 dead; one of them is" in told
    assert "dateline webhooks list" in told


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


def test_the_quarantine_is_listed_with_the_reason(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.list_all(10, as_json=False, client=operating(store))
    told = printed()
    assert str(ref) in told
    assert "Boom" in told


def test_an_empty_quarantine_says_so(store: Store, printed: Printed) -> None:
    quarantine.list_all(10, as_json=False, client=operating(store))
    assert "empty" in printed()


def test_one_article_in_quarantine_is_shown_with_who_when_where_and_why(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.show(ref.article_id, as_json=False, client=operating(store))
    told = printed()
    assert "Boom: m" in told
    assert "w (v)" in told


def test_an_article_that_is_not_in_quarantine_is_told(store: Store) -> None:
    ref = finish(store)
    with pytest.raises(Trouble, match="404"):
        quarantine.show(ref.article_id, as_json=False, client=operating(store))


def test_retry_sends_an_article_back_to_its_lane(store: Store) -> None:
    ref = in_quarantine(store, 1)
    assert quarantine.change("retry", [str(ref)], everything=False, as_json=True, client=operating(store)) is Exit.OK
    assert store.ledger.backlog().waiting[Lane.LIVE] == 1


def test_drop_of_all_withdraws_all(store: Store) -> None:
    for number in range(3):
        in_quarantine(store, number)
    assert quarantine.change("drop", [], everything=True, as_json=False, client=operating(store)) is Exit.OK
    assert store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 3


def test_what_is_not_in_quarantine_cannot_be_dropped(store: Store, printed: Printed) -> None:
    ref = finish(store)
    assert quarantine.change("drop", [str(ref)], everything=False, as_json=True, client=operating(store)) is Exit.FOUND
    assert json.loads(printed()) == {"changed": 0, "not_in_quarantine": [str(ref)]}


@pytest.mark.parametrize(("articles", "everything"), [([], False), (["a"], True)])
def test_changing_needs_either_ids_or_all(store: Store, articles: list[str], *, everything: bool) -> None:
    with pytest.raises(Trouble, match="Say which") as trouble:
        quarantine.change("drop", articles, everything=everything, as_json=False, client=operating(store))
    assert trouble.value.exit_code is Exit.USAGE


def test_everything_means_everything_however_much_it_is(
    store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.operate._AT_ONCE", 2)
    for number in range(5):
        in_quarantine(store, number)
    quarantine.change("drop", [], everything=True, as_json=True, client=operating(store))
    assert json.loads(printed()) == {"changed": 5, "not_in_quarantine": []}


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
    assert "1 were left out: no_body" in told.err


def test_the_audit_log_is_shown_for_people_and_programs(store: Store, printed: Printed) -> None:
    keys.create("night shift", ["operate"], as_json=True, store=store)
    printed()
    audit.show(10, as_json=False, client=operating(store))
    assert "keys create" in printed()
    audit.show(10, as_json=True, client=operating(store))
    newest, *_, oldest = json.loads(printed())
    assert (newest["action"], newest["key_name"]) == ("GET /v1/operate/audit", "operator")
    assert (oldest["action"], oldest["subject"], oldest["outcome"]) == ("keys create", "night shift", "done")


def test_a_command_that_fails_is_told_as_failed(store: Store) -> None:
    with pytest.raises(Trouble):
        keys.revoke("none", as_json=False, store=store)
    assert store.audit.newest()[0].outcome == "failed"


def test_somebody_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nameless)
    assert audit.person().key_name.startswith(f"{os.getuid()}@")


def test_a_key_is_rotated(store: Store, printed: Printed) -> None:
    old, record = store.access.create("me", frozenset({Scope.READ}))
    keys.rotate(record.id, 24, as_json=True, store=store)
    new = json.loads(printed())["token"]
    assert store.access.find(old)
    assert store.access.find(new)
    keys.list_all(as_json=False, store=store)
    assert "works until" in printed()
    with pytest.raises(Trouble, match="no access key"):
        keys.rotate("0", 24, as_json=False, store=store)


def test_a_key_is_printed_once_and_found_again_by_its_token(store: Store, printed: Printed) -> None:
    keys.create("me", ["submit"], as_json=False, store=store)
    token = printed().strip()
    found = store.access.find(token)
    assert found
    assert found.name == "me"


def test_a_key_may_be_given_a_quota(store: Store, printed: Printed) -> None:
    keys.create("me", ["submit"], 600, as_json=True, store=store)
    assert json.loads(printed())["articles_per_minute"] == 600
    assert store.access.list()[0].articles_per_minute == 600


def test_listed_keys_hold_no_secret(store: Store, printed: Printed) -> None:
    token, key = store.access.create("me", frozenset())
    keys.list_all(as_json=True, store=store)
    told = printed()
    assert key.id in told
    assert token.split("_", 2)[2] not in told
    assert key.sha256 not in told


def test_a_revoked_key_is_gone(store: Store) -> None:
    token, key = store.access.create("me", frozenset())
    keys.revoke(key.id, as_json=False, store=store)
    assert store.access.find(token) is None
    with pytest.raises(Trouble, match="no access key"):
        keys.revoke(key.id, as_json=False, store=store)


def test_an_unknown_scope_is_told(store: Store) -> None:
    with pytest.raises(Trouble, match="no such scope") as trouble:
        keys.create("me", ["admin"], as_json=False, store=store)
    assert "submit, read, operate" in trouble.value.next_step


def test_an_id_may_name_a_revision() -> None:
    assert parse_ref("abc") == Wanted("abc", None)
    assert parse_ref(" abc:3 ") == Wanted("abc", 3)


@pytest.mark.parametrize("text", ["", "a/b", "a:", "a:b", "a b", "../etc"])
def test_what_is_no_id_is_told(text: str) -> None:
    with pytest.raises(Trouble, match="not an article id"):
        parse_ref(text)


def test_keys_are_listed_for_people(store: Store, printed: Printed) -> None:
    keys.list_all(as_json=False, store=store)
    assert "dateline keys create" in printed()
    store.access.create("me", frozenset(Scope))
    keys.list_all(as_json=False, store=store)
    assert "operate, read, submit" in printed()


def test_a_new_key_and_a_revoked_one_are_told_to_programs(store: Store, printed: Printed) -> None:
    keys.create("me", ["read"], as_json=True, store=store)
    made = json.loads(printed())
    assert store.access.find(made["token"])
    assert made["scopes"] == ["read"]
    keys.revoke(made["id"], as_json=True, store=store)
    assert json.loads(printed()) == {"revoked": made["id"]}


def test_the_quarantine_is_told_to_programs(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.list_all(10, as_json=True, client=operating(store))
    [entry] = json.loads(printed())
    assert entry["failure"]["error"] == "Boom"
    quarantine.show(str(ref), as_json=True, client=operating(store))
    assert json.loads(printed()) == entry


def test_what_was_not_in_quarantine_is_named_for_people(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    ref = finish(store)
    quarantine.change("retry", [str(ref)], everything=False, as_json=False, client=operating(store))
    assert f"{ref} is not in quarantine" in capsys.readouterr().err


def test_many_findings_are_cut(store: Store, printed: Printed) -> None:
    store.ledger.accept([article(number) for number in range(25)])
    for ref in store.client.zrange(store.keys.waiting(Lane.LIVE), 0, -1):
        store.client.zrem(store.keys.waiting(Lane.LIVE), ref)
    store.ledger.accept([article(99)])
    assert verify.verify(as_json=False, store=store) is Exit.FOUND
    assert "more; --json lists all of them" in printed()


@pytest.mark.usefixtures("broker")
def test_numbers_that_do_not_add_up_are_told(store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    store.client.hset(store.keys.counts, "accepted", 7)
    monkeypatch.setattr(status, "messages", lambda *_: None)
    status.report(as_json=False)
    told = printed()
    assert "dateline verify" in told
    assert "The broker does not answer" in told
    assert not told_to_programs(printed)["broker"]


def test_status_warns_of_a_full_memory_and_of_one_that_is_not_kept(
    store: Store, broker: "redis.Redis", printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"used_memory": 50_000_000, "maxmemory": 100_000_000, "aof_enabled": 0}
    monkeypatch.setattr(store.client, "info", lambda _: told)
    status.report(as_json=False)
    said = printed()
    assert "Redis uses 50 MB of 100 MB (50%)" in said
    assert "keeps no append-only file" in said


def test_verify_repairs_what_can_be_repaired(store: Store, printed: Printed) -> None:
    ref, lost = finish(store, 1), finish(store, 2)
    store.client.zrem(store.keys.by_outcome(Outcome.DONE), str(ref))
    store.client.delete(store.keys.record(lost))
    assert verify.verify(as_json=False, mend=True, store=store) is Exit.OK
    told = printed()
    assert "1 articles were put back" in told
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


def test_withdraw_takes_all_revisions_back_and_may_be_repeated(store: Store, printed: Printed) -> None:
    ref = finish(store)
    store.ledger.accept([article(1, text="Another text.")])
    assert withdraw.withdraw([ref.article_id], as_json=False, store=store) is Exit.OK
    assert "2 revisions withdrawn" in printed()
    assert withdraw.withdraw([ref.article_id], as_json=True, store=store) is Exit.OK
    assert json.loads(printed()) == {
        "withdrawn": 0,
        "revisions": {f"{ref.article_id}:1": "already", f"{ref.article_id}:2": "already"},
    }


def test_withdraw_of_one_revision_leaves_the_others(store: Store) -> None:
    ref = finish(store)
    store.ledger.accept([article(1, text="Another text.")])
    withdraw.withdraw([str(ref)], as_json=True, store=store)
    assert store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 1
    assert store.ledger.backlog().pending == 1


def test_withdraw_of_nothing_says_so(store: Store) -> None:
    with pytest.raises(Trouble, match="no article"):
        withdraw.withdraw(["a" * 26], as_json=False, store=store)


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
