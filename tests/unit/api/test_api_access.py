import asyncio
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from unit.api.application import body, serving

from api.keyring import Keyring
from api.problems import Refused
from store import Scope, Store, StoreUnavailable

ALL = frozenset(Scope)
CASES = [
    ("POST", "/v1/articles", Scope.SUBMIT),
    ("POST", "/v1/articles:batch", Scope.SUBMIT),
    ("GET", "/v1/articles", Scope.READ),
    ("GET", f"/v1/articles/{'a' * 26}", Scope.READ),
    ("GET", "/v1/feed", Scope.READ),
    ("GET", "/v1/operate/quarantine", Scope.OPERATE),
    ("GET", f"/v1/operate/quarantine/{'a' * 26}", Scope.OPERATE),
    ("POST", "/v1/operate/quarantine:retry", Scope.OPERATE),
    ("POST", "/v1/operate/quarantine:drop", Scope.OPERATE),
    ("POST", "/v1/operate/reprocess", Scope.OPERATE),
    ("GET", "/v1/operate/audit", Scope.OPERATE),
]
OPEN = [202, 202, 200, 404, 200, 200, 404, 200, 200, 200, 200]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def call(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    content: object = [body()] if path.endswith("batch") else body()
    if "/operate/" in path:
        content = {} if path.endswith("reprocess") else {"everything": True}
    response = client.request(method, path, headers=headers, **({"json": content} if method == "POST" else {}))
    return response.status_code


def test_on_loopback_without_keys_everything_is_open(store: Store) -> None:
    with serving(store) as client:
        assert [call(client, method, path, {}) for method, path, _ in CASES] == OPEN


def test_beyond_loopback_without_keys_nothing_is_open(store: Store) -> None:
    with serving(store, api_host="0.0.0.0") as client:
        assert {call(client, method, path, {}) for method, path, _ in CASES} == {401}


@pytest.mark.parametrize(("method", "path", "scope"), CASES)
def test_each_route_needs_its_scope(store: Store, method: str, path: str, scope: Scope) -> None:
    right, _ = store.access.create("right", frozenset({scope}))
    wrong, _ = store.access.create("wrong", ALL - {scope})
    with serving(store) as client:
        assert call(client, method, path, bearer(right)) in {200, 202, 404}
        assert call(client, method, path, bearer(wrong)) == 403
        assert call(client, method, path, {}) == 401


def test_a_401_says_how_to_authenticate(store: Store) -> None:
    store.access.create("a", ALL)
    with serving(store) as client:
        missing = client.get("/v1/feed")
        unknown = client.get("/v1/feed", headers=bearer("dl_0123456789ab_zebrafinch"))
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="dateline"'
    assert unknown.headers["WWW-Authenticate"] == 'Bearer realm="dateline", error="invalid_token"'
    assert "zebrafinch" not in unknown.text
    assert missing.headers["Content-Type"] == "application/problem+json"


def test_a_403_says_which_scope_is_missing(store: Store) -> None:
    token, _ = store.access.create("a", frozenset({Scope.READ}))
    with serving(store) as client:
        response = client.post("/v1/articles", json=body(), headers=bearer(token))
    assert 'error="insufficient_scope", scope="submit"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer x", "Bearer dl__", "Bearer \xff"])
def test_what_is_not_a_key_is_a_401(store: Store, header: str) -> None:
    store.access.create("a", ALL)
    with serving(store) as client:
        assert client.get("/v1/feed", headers={"Authorization": header.encode("latin-1")}).status_code == 401


def test_health_and_documentation_need_no_key(store: Store) -> None:
    store.access.create("a", ALL)
    with serving(store) as client:
        paths = ("/v1/health/live", "/v1/health/accepting", "/openapi.json", "/docs")
        assert {client.get(path).status_code for path in paths} == {200}


class CountingKeys:
    """Access keys that count what they are asked."""

    def __init__(self, store: Store) -> None:
        self._keys = store.access
        self.asked = 0

    def find(self, token: str) -> object:
        self.asked += 1
        return self._keys.find(token)

    def any(self) -> bool:
        self.asked += 1
        return self._keys.any()


class Clock:
    """A clock that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def passes(keyring: Keyring, token: str | None) -> bool:
    try:
        await keyring.identify(f"Bearer {token}" if token else None)
    except Refused:
        return False
    return True


async def test_a_wrong_token_is_looked_up_once_in_some_seconds(store: Store) -> None:
    store.access.create("a", ALL)
    keys, clock = CountingKeys(store), Clock()
    keyring = Keyring(keys, local=False, clock=clock)  # type: ignore[arg-type]
    assert not any([await passes(keyring, "dl_000000000000_wrong") for _ in range(10)])
    assert keys.asked == 1
    clock.now = 5.0
    assert not await passes(keyring, "dl_000000000000_wrong")
    assert keys.asked == 2


async def test_a_revoked_key_is_refused_at_once(store: Store) -> None:
    token, record = store.access.create("a", ALL)
    store.access.create("b", ALL)
    keyring = Keyring(store.access, local=True)
    assert await passes(keyring, token)
    store.access.revoke(record.id)
    assert not await passes(keyring, token)


def test_a_key_is_replaced_without_a_moment_in_which_none_works(store: Store) -> None:
    old, record = store.access.create("crawler", frozenset({Scope.SUBMIT}), articles_per_minute=600)
    with serving(store) as client:
        made = store.access.rotate(record.id, timedelta(hours=1))
        assert made
        new, successor = made
        for token in (old, new):
            response = client.post("/v1/articles", json=body(), headers=bearer(token))
            assert response.is_success
            assert response.headers["RateLimit-Policy"] == '"articles";q=600;w=60'
        assert (successor.name, successor.scopes) == (record.name, record.scopes)
        store.access.revoke(record.id)
        assert client.post("/v1/articles", json=body(), headers=bearer(old)).status_code == 401
        assert client.post("/v1/articles", json=body(), headers=bearer(new)).is_success


def test_a_replaced_key_stops_working_by_itself(store: Store) -> None:
    old, record = store.access.create("crawler", ALL)
    store.access.rotate(record.id, timedelta(0))
    with serving(store) as client:
        assert client.get("/v1/feed", headers=bearer(old)).status_code == 401


def test_a_key_that_does_not_exist_cannot_be_replaced(store: Store) -> None:
    assert store.access.rotate("000000000000", timedelta(0)) is None


def test_no_secret_is_kept_and_two_secrets_of_one_key_take_the_same_comparison(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, record = store.access.create("a", ALL)
    secret = token.split("_", 2)[2]
    assert secret.encode() not in b"".join(store.client.hvals(store.keys.access))
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("store.access.hmac.compare_digest", compare)
    assert store.access.find(token)
    assert not store.access.find(f"dl_{record.id}_{secret[:-1]}x")
    assert not store.access.find(f"dl_000000000000_{secret}")
    assert [(len(one), len(other)) for one, other in compared] == [(64, 64)] * 3


async def test_the_first_key_closes_an_open_server_within_seconds(store: Store) -> None:
    clock = Clock()
    keyring = Keyring(store.access, local=True, clock=clock)
    assert await passes(keyring, None)
    store.access.create("a", ALL)
    clock.now = 5.0
    assert not await passes(keyring, None)


async def test_guessing_does_not_fill_the_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.keyring._REMEMBERED", 10)
    store.access.create("a", ALL)
    keyring = Keyring(store.access, local=True)
    assert not any(await asyncio.gather(*(passes(keyring, f"dl_{n}_x") for n in range(50))))
    assert len(keyring._wrong) <= 10


def test_when_keys_cannot_be_looked_up_nothing_is_open(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(store.access, "find", fail)
    monkeypatch.setattr(store.access, "any", fail)
    with serving(store) as client:
        assert client.get("/v1/feed").status_code == 503
        assert client.get("/v1/feed", headers=bearer("dl_a_b")).status_code == 503
