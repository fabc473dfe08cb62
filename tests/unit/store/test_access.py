import secrets
from datetime import timedelta

import pytest

from store import Scope, Store

DAY = timedelta(days=1)
READ = frozenset({Scope.READ})


def test_a_key_and_its_successor_work_side_by_side(any_store: Store) -> None:
    token, key = any_store.access.create("desk", READ, articles_per_minute=5)
    made = any_store.access.rotate(key.id, DAY)
    assert made
    new_token, successor = made
    assert (successor.name, successor.scopes, successor.articles_per_minute) == ("desk", READ, 5)
    assert any_store.access.find(new_token) == successor
    old = any_store.access.find(token)
    assert old
    assert old.expires_at is not None


def test_a_token_that_is_not_whole_opens_nothing(any_store: Store) -> None:
    token, key = any_store.access.create("desk", READ)
    secret = token.removeprefix(f"dl_{key.id}_")
    assert any_store.access.find(token) == key
    for broken in (
        "",
        "dl",
        "dl__",
        f"dl_{key.id}",
        f"dl_{key.id}_",
        f"xx_{key.id}_{secret}",
        f"dl__{secret}",
        f"{token}a",
    ):
        assert any_store.access.find(broken) is None


def test_a_successor_of_nothing_is_not_made(any_store: Store) -> None:
    assert any_store.access.rotate("nobody", DAY) is None
    assert not any_store.access.any()


def test_a_key_that_is_revoked_while_it_is_rotated_does_not_come_back(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, key = any_store.access.create("desk", READ)
    token_hex = secrets.token_hex

    def revoke_first(size: int) -> str:
        any_store.access.revoke(key.id)
        return token_hex(size)

    monkeypatch.setattr(secrets, "token_hex", revoke_first)
    assert any_store.access.rotate(key.id, DAY) is None
    assert any_store.access.find(token) is None
    assert not any_store.access.any()
