from collections.abc import Iterator

import pytest
import standardwebhooks
from fastapi.testclient import TestClient
from unit.api.application import serving

from schemas import AuditPage, WebhookPage, WebhookSecret
from store import Scope, Store, webhooks

PATH = "/v1/operate/webhooks"
ORDER = {"url": "https://hooks.example/dateline", "name": "alerts", "filter": {"countries": ["LV"]}}


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    token, _ = store.access.create("night shift", frozenset(Scope))
    with serving(store) as found:
        found.headers["Authorization"] = f"Bearer {token}"
        yield found


def make(client: TestClient) -> WebhookSecret:
    answer = client.post(PATH, json=ORDER)
    assert answer.status_code == 201
    return WebhookSecret.model_validate_json(answer.content)


def test_the_secret_is_told_once_and_fits_the_libraries(client: TestClient) -> None:
    made = make(client)
    standardwebhooks.Webhook(made.secret)
    page = client.get(PATH)
    assert WebhookPage.model_validate_json(page.content).items == (made.webhook,)
    shown = client.get(f"{PATH}/{made.webhook.id}")
    assert made.secret not in page.text + shown.text
    assert made.webhook.filter.countries == ("LV",)


@pytest.mark.parametrize(
    ("order", "pointer"),
    [
        ({"url": "https://169.254.169.254/latest/meta-data"}, "/url"),
        ({"url": "http://hooks.example/"}, "/url"),
        ({"url": "https://localhost:x/"}, "/url"),
        ({"url": "https://hooks.example/", "filter": {"countries": ["Latvia"]}}, "/filter/countries/0"),
        ({"url": "https://hooks.example/", "filter": {"types": ["article.read"]}}, "/filter/types/0"),
        ({"url": "https://hooks.example/", "after": "yesterday"}, "/after"),
        ({"url": "https://hooks.example/", "after": "99999999999999-0"}, "/after"),
        ({"url": "https://hooks.example/", "filter": {"country": "LV"}}, "/filter/country"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_field(client: TestClient, order: object, pointer: str) -> None:
    answer = client.post(PATH, json=order)
    assert answer.status_code == 422
    assert [error.get("pointer") for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://hooks.example/", "has to begin with https://; plain http is for DATELINE_WEBHOOK_ALLOW"),
        ("ftp://hooks.example/", "has to begin with https:// and a host"),
        ("hooks.example", "has to begin with https:// and a host"),
        ("https://127.0.0.1/", "is not public, or not over https; DATELINE_WEBHOOK_ALLOW allows more"),
        ("https://me:secret@hooks.example/", "must have no user name, password or fragment"),
        ("https://hooks.example:0/", "must have a port that can be called"),
        ("https://hooks.example:x/", "is not a valid web address"),
        ("https://hooks.ex\u00e4mple/", "must be written in ASCII, without blanks"),
    ],
)
def test_why_an_address_cannot_be_called_is_said(client: TestClient, url: str, message: str) -> None:
    answer = client.post(PATH, json={"url": url})
    assert [error["message"] for error in answer.json()["errors"]] == [message]


def test_a_replay_after_a_cursor_of_the_future_is_refused(client: TestClient) -> None:
    made = make(client)
    answer = client.post(f"{PATH}/{made.webhook.id}:replay", json={"after": "99999999999999-0"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/after"]
    assert client.get(f"{PATH}/{made.webhook.id}").json()["cursor"] == made.webhook.cursor


def test_an_operator_may_allow_networks_inside(store: Store) -> None:
    with serving(store, webhook_allow="10.0.0.0/8, 127.0.0.1/32") as client:
        assert client.post(PATH, json={"url": "http://10.1.2.3/"}).status_code == 201
        assert client.post(PATH, json={"url": "http://127.0.0.2/"}).status_code == 422


def test_it_is_disabled_enabled_and_replayed(client: TestClient) -> None:
    hook = make(client).webhook.id
    assert client.post(f"{PATH}/{hook}:disable").json()["state"] == "disabled"
    assert client.post(f"{PATH}/{hook}:enable").json()["state"] == "active"
    assert client.post(f"{PATH}/{hook}:replay", json={"after": "3-0"}).json()["cursor"] == "3-0"


def test_a_rotated_secret_is_told_once(client: TestClient) -> None:
    made = make(client)
    answer = client.post(f"{PATH}/{made.webhook.id}:rotate", json={"keep_hours": 1})
    rotated = WebhookSecret.model_validate_json(answer.content)
    assert rotated.secret != made.secret
    assert rotated.old_secret_until


def test_deleting_forgets_it(client: TestClient) -> None:
    hook = make(client).webhook.id
    assert client.delete(f"{PATH}/{hook}").status_code == 204
    assert client.get(f"{PATH}/{hook}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "order"),
    [
        ("GET", "/none", None),
        ("DELETE", "/none", None),
        ("POST", "/none:disable", None),
        ("POST", "/none:enable", None),
        ("POST", "/none:replay", {"after": "0-0"}),
        ("POST", "/none:rotate", {}),
    ],
)
def test_what_is_not_there_is_a_404(client: TestClient, method: str, path: str, order: object) -> None:
    assert client.request(method, PATH + path, json=order).status_code == 404


def test_one_too_many_is_a_conflict(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST", 0)
    assert client.post(PATH, json=ORDER).status_code == 409


def test_it_takes_the_scope_operate(store: Store) -> None:
    token, _ = store.access.create("reader", frozenset({Scope.READ, Scope.SUBMIT}))
    with serving(store) as client:
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get(PATH, headers=headers).status_code == 403
        assert client.post(PATH, json=ORDER, headers=headers).status_code == 403


def test_the_audit_log_has_every_call_and_no_address(client: TestClient) -> None:
    made = make(client)
    log = client.get("/v1/operate/audit")
    entry = AuditPage.model_validate_json(log.content).items[1]
    assert (entry.action, entry.outcome, entry.result) == (f"POST {PATH}", "201", f"webhook {made.webhook.id}")
    assert "hooks.example" not in log.text, "addresses may hold secrets of their receivers"
