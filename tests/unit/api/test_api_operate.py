from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from unit.api.application import CountingWakeups, body, finish, serving

from schemas import AuditPage, Outcome, QuarantinePage, Ref
from store import Scope, Store, StoreUnavailable

QUARANTINE = "/v1/operate/quarantine"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    token, _ = store.access.create("night shift", frozenset(Scope))
    with serving(store) as found:
        found.headers["Authorization"] = f"Bearer {token}"
        yield found


def quarantined(client: TestClient, store: Store, count: int = 1) -> list[str]:
    ids = [client.post("/v1/articles", json=body(number)).json()["id"] for number in range(count)]
    finish(store, quarantine=True)
    return ids


def audit(client: TestClient) -> Any:
    """The newest entry that is not this question itself."""
    return AuditPage.model_validate_json(client.get("/v1/operate/audit").content).items[1]


def test_the_quarantine_is_listed_page_by_page(client: TestClient, store: Store) -> None:
    quarantined(client, store, 3)
    page = QuarantinePage.model_validate_json(client.get(f"{QUARANTINE}?limit=2").content)
    assert len(page.items) == 2
    rest = QuarantinePage.model_validate_json(
        client.get(QUARANTINE, params={"limit": 2, "cursor": str(page.next_cursor)}).content
    )
    assert (len(rest.items), rest.next_cursor) == (1, None)


def test_a_cursor_that_the_quarantine_did_not_give_out_is_a_422(client: TestClient) -> None:
    answer = client.get(f"{QUARANTINE}?cursor=none")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_everything_goes_on_where_others_took_articles_out(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.operate._AT_ONCE", 2)
    names = quarantined(client, store, 4)
    drop, first = store.quarantine.drop, iter([True])

    def beaten(ref: Ref) -> bool:
        if next(first, False):
            drop(ref)  # by somebody else, just before
        return drop(ref)

    monkeypatch.setattr(store.quarantine, "drop", beaten)
    answer = client.post(f"{QUARANTINE}:drop", json={"everything": True}).json()
    assert answer == {"changed": 2, "not_in_quarantine": [], "more": True}
    assert len(store.quarantine.list()) == len(names) - 3


@pytest.mark.parametrize("revision", ["", ":1"])
def test_one_article_is_shown_with_the_reason(client: TestClient, store: Store, revision: str) -> None:
    [name] = quarantined(client, store)
    assert client.get(f"{QUARANTINE}/{name}{revision}").json()["failure"]["error"] == "ValueError"


@pytest.mark.parametrize("name", ["a" * 26, f"{'a' * 26}:1", "no-id", f"{'a' * 26}:x", f"{'a' * 26}:9999999999"])
def test_what_is_not_there_is_a_404(client: TestClient, name: str) -> None:
    assert client.get(f"{QUARANTINE}/{name}").status_code == 404


def test_retry_sends_articles_back_and_wakes_the_workers(store: Store) -> None:
    wakeups = CountingWakeups()
    with serving(store, wakeups) as client:
        names = quarantined(client, store, 2)
        before = wakeups.calls
        answer = client.post(f"{QUARANTINE}:retry", json={"articles": [names[0], f"{names[1]}:1", "b" * 26]})
    assert answer.json() == {"changed": 2, "not_in_quarantine": ["b" * 26], "more": False}
    assert store.ledger.backlog().pending == 2
    assert wakeups.calls >= before


def test_drop_of_everything_withdraws_everything(client: TestClient, store: Store) -> None:
    quarantined(client, store, 3)
    assert client.post(f"{QUARANTINE}:drop", json={"everything": True}).json()["changed"] == 3
    assert store.ledger.backlog().outcome(Outcome.WITHDRAWN) == 3
    assert store.verify().sound


@pytest.mark.parametrize("order", [{}, {"articles": []}, {"articles": ["a" * 26], "everything": True}])
def test_a_selection_is_either_names_or_everything(client: TestClient, order: dict[str, Any]) -> None:
    assert client.post(f"{QUARANTINE}:drop", json=order).status_code == 422


@pytest.mark.parametrize(
    ("path", "order", "pointer"),
    [
        (f"{QUARANTINE}:retry", {"articles": ["../x"]}, "/articles/0"),
        (f"{QUARANTINE}:retry", {"every": True}, "/every"),
        ("/v1/operate/reprocess", {"stage": "translate"}, "/stage"),
        ("/v1/operate/reprocess", {"since": "2026-01-01T00:00:00"}, "/since"),
        ("/v1/operate/reprocess", {"outcome": "quarantined"}, "/outcome"),
        ("/v1/operate/reprocess", {"limit": 5_000}, "/limit"),
        ("/v1/operate/reprocess", {"cursor": "no cursor"}, "/cursor"),
    ],
)
def test_a_wrong_order_is_a_422_that_points_at_the_field(
    client: TestClient, path: str, order: dict[str, Any], pointer: str
) -> None:
    response = client.post(path, json=order)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"outcome": "quarantined"}, "must be one of 'done' or 'partial'"),
        ({"since": "2026-01-01T00:00:00"}, "has no time zone; end it with Z or with +02:00"),
        ({"dry_run": "no"}, "must be true or false"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_in_words(client: TestClient, order: dict[str, Any], message: str) -> None:
    answer = client.post("/v1/operate/reprocess", json=order)
    assert [error["message"] for error in answer.json()["errors"]] == [message]


def test_reprocessing_is_a_dry_run_unless_told_otherwise(client: TestClient, store: Store) -> None:
    client.post("/v1/articles", json=body())
    finish(store)
    assert client.post("/v1/operate/reprocess", json={"stage": "geotag"}).json() == {
        "dry_run": True, "examined": 1, "matching": 1, "sent": 0, "skipped": {}, "next_cursor": None,
    }  # fmt: skip
    sent = client.post("/v1/operate/reprocess", json={"stage": "geotag", "dry_run": False, "source": "news.example"})
    assert sent.json()["sent"] == 1
    assert store.ledger.backlog().pending == 1


def test_reprocessing_waits_for_room_in_the_bulk_lane_like_everybody(store: Store) -> None:
    with serving(store, max_waiting_bulk=1) as client:
        client.post("/v1/articles", json=body(1))
        finish(store)
        client.post("/v1/articles?lane=bulk", json=body(2))
        client.app.state.resources.gate._admission._looked = 0.0  # type: ignore[attr-defined]
        response = client.post("/v1/operate/reprocess", json={"dry_run": False})
        assert (response.status_code, "Retry-After" in response.headers) == (503, True)
        assert client.post("/v1/operate/reprocess", json={}).status_code == 200


def test_every_call_is_written_down_with_who_what_and_what_came_of_it(client: TestClient, store: Store) -> None:
    [name] = quarantined(client, store)
    response = client.post(f"{QUARANTINE}:retry", json={"articles": [name]})
    entry = audit(client)
    assert (entry.key_name, entry.action) == ("night shift", "POST /v1/operate/quarantine:retry")
    assert name in entry.subject
    assert (entry.outcome, entry.result) == ("200", "1 changed, 0 not in quarantine")
    assert entry.request_id == response.headers["X-Request-Id"]


def test_a_call_that_found_nothing_is_written_down_as_well(client: TestClient) -> None:
    client.get(f"{QUARANTINE}/{'a' * 26}")
    assert audit(client).outcome == "404"


def test_who_tries_without_the_scope_is_written_down(client: TestClient, store: Store) -> None:
    token, _ = store.access.create("crawler", frozenset({Scope.SUBMIT}))
    refused = client.post(f"{QUARANTINE}:drop", json={"everything": True}, headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403
    entry = audit(client)
    assert (entry.key_name, entry.outcome) == ("crawler", "403")


@pytest.mark.parametrize(
    ("method", "path", "sent", "outcome"),
    [
        ("POST", f"{QUARANTINE}:retry", {"json": {"articles": ["../x"]}}, "422"),
        ("POST", f"{QUARANTINE}:drop", {"json": {"articles": []}}, "422"),
        ("POST", f"{QUARANTINE}:drop", {"content": b"{"}, "415"),
        ("POST", "/v1/operate/reprocess", {"content": b"{", "headers": {"Content-Type": "application/json"}}, "400"),
        ("POST", "/v1/operate/webhooks", {"json": {"url": "http://hooks.example/"}}, "422"),
        ("GET", f"{QUARANTINE}?limit=0", {}, "422"),
        ("GET", f"{QUARANTINE}?limits=1", {}, "422"),
        ("GET", QUARANTINE, {"headers": {"Accept": "image/png"}}, "406"),
        ("DELETE", QUARANTINE, {}, "405"),
        ("GET", "/v1/operate/nothing", {}, "404"),
    ],
)
def test_a_call_that_is_refused_for_its_form_is_written_down_with_its_answer(
    client: TestClient, method: str, path: str, sent: dict[str, Any], outcome: str
) -> None:
    assert client.request(method, path, **sent).status_code == int(outcome)
    entry = audit(client)
    assert (entry.key_name, entry.action) == ("night shift", f"{method} {path.partition('?')[0]}")
    assert (entry.outcome, entry.subject, entry.result) == (outcome, "", "refused; nothing was done")


def test_who_has_no_key_leaves_nothing_in_the_log(client: TestClient, store: Store) -> None:
    for headers in ({"Authorization": "Bearer dl_x_y"}, {"Authorization": ""}):
        assert client.get(f"{QUARANTINE}?limits=1", headers=headers).status_code in {401, 422}
        assert client.get(QUARANTINE, headers=headers).status_code == 401
    assert store.audit.newest() == []


def test_a_call_that_breaks_is_written_down_as_a_500(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(store.quarantine, "page", broken)
    assert client.get(QUARANTINE).status_code == 500
    assert audit(client).outcome == "500"


def test_what_cannot_be_written_down_is_not_done(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarantined(client, store)

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.audit, "begin", away)
    assert client.post(f"{QUARANTINE}:drop", json={"everything": True}).status_code == 503
    assert store.ledger.backlog().outcome(Outcome.QUARANTINED) == 1


def test_an_end_that_cannot_be_written_does_not_spoil_the_answer(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(store.audit, "end", away)
        assert client.get(QUARANTINE).status_code == 200
    assert audit(client).outcome == "unknown"


def test_the_audit_log_is_read_page_by_page(client: TestClient) -> None:
    for _ in range(3):
        client.get(QUARANTINE)
    page = client.get("/v1/operate/audit?limit=2").json()
    assert len(page["items"]) == 2
    older = client.get(f"/v1/operate/audit?limit=2&before={page['next_before']}").json()
    assert older["items"][0]["id"] < page["items"][-1]["id"]
