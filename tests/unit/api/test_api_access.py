import asyncio

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
]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def call(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    content = [body()] if path.endswith("batch") else body()
    response = client.request(method, path, headers=headers, **({"json": content} if method == "POST" else {}))
    return response.status_code


def test_on_loopback_without_keys_everything_is_open(store: Store) -> None:
    with serving(store) as client:
        assert [call(client, method, path, {}) for method, path, _ in CASES] == [202, 202, 200, 404, 200]


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
        paths = ("/v1/health/live", "/v1/health/ready", "/openapi.json", "/docs")
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


async def passes(keyring: Keyring, token: str | None, scope: Scope = Scope.READ) -> bool:
    try:
        await keyring.check(f"Bearer {token}" if token else None, scope)
    except Refused:
        return False
    return True


async def test_a_key_is_looked_up_once_in_some_seconds(store: Store) -> None:
    token, _ = store.access.create("a", ALL)
    keys, clock = CountingKeys(store), Clock()
    keyring = Keyring(keys, local=True, clock=clock)  # type: ignore[arg-type]
    assert [await passes(keyring, token) for _ in range(10)] == [True] * 10
    assert keys.asked == 1
    clock.now = 5.0
    assert await passes(keyring, token)
    assert keys.asked == 2


async def test_a_revoked_key_stops_working_within_seconds(store: Store) -> None:
    token, record = store.access.create("a", ALL)
    store.access.create("b", ALL)
    clock = Clock()
    keyring = Keyring(store.access, local=True, clock=clock)
    assert await passes(keyring, token)
    store.access.revoke(record.id)
    clock.now = 5.0
    assert not await passes(keyring, token)


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
    assert len(keyring._known) <= 10


def test_when_keys_cannot_be_looked_up_nothing_is_open(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(store.access, "find", fail)
    monkeypatch.setattr(store.access, "any", fail)
    with serving(store) as client:
        assert client.get("/v1/feed").status_code == 503
        assert client.get("/v1/feed", headers=bearer("dl_a_b")).status_code == 503
