import json

import pytest
from operators import Printed

from cli import keys
from cli.errors import Trouble
from store import Scope, Store


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


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
def test_a_key_without_a_name_that_can_be_shown_is_not_made(store: Store, name: str) -> None:
    with pytest.raises(Trouble, match="needs a name"):
        keys.create(name, ["read"], as_json=False, store=store)
    assert store.access.list() == []
