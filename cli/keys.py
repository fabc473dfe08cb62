"""``dateline keys``: access keys of the API. Works on the store, since the first key has to come from somewhere."""

from datetime import timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.audit import audited
from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit, moment
from store import AccessKey, Scope, Store

_NAME_CHARS = 100
"""As much as fits into a line of the audit log."""


def _scopes(names: list[str]) -> frozenset[Scope]:
    try:
        return frozenset(Scope(name) for name in names)
    except ValueError as error:
        known = ", ".join(Scope)
        raise Trouble("There is no such scope.", f"Scopes are {known}.", Exit.USAGE) from error


def _document(key: AccessKey) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": key.created_at.isoformat(),
    }
    if key.expires_at:
        known["expires_at"] = key.expires_at.isoformat()
    return known | ({"articles_per_minute": key.articles_per_minute} if key.articles_per_minute else {})


def create(
    name: str, scopes: list[str], per_minute: int | None = None, *, as_json: bool, store: Store | None = None
) -> None:
    """Make a key and print its token.

    Raises:
        Trouble: The name or a scope is none.
    """
    wanted = _scopes(scopes)
    name = name.strip()
    if not 0 < len(name) <= _NAME_CHARS or not name.isprintable():
        step = f"Say for whom or what it is, in {_NAME_CHARS} characters at most: it stands in the audit log."
        raise Trouble("The key needs a name.", step, Exit.USAGE)
    store = store or open_store()
    with audited(store, "keys create", name):
        token, key = store.access.create(name, wanted, per_minute)
    _tell_token(token, key, as_json=as_json)


def _tell_token(token: str, key: AccessKey, *, as_json: bool) -> None:
    if as_json:
        emit(_document(key) | {"token": token})
        return
    console(stderr=True).print(f"Key {key.id} for {', '.join(sorted(key.scopes))}. Keep it: it is not shown again.")
    console().print(token, markup=False, soft_wrap=True)


def rotate(key_id: str, keep_hours: float, *, as_json: bool, store: Store | None = None) -> None:
    """Make a successor of a key and print its token; the old one goes on for a while."""
    store = store or open_store()
    with audited(store, "keys rotate", key_id[:40]):
        made = store.access.rotate(key_id, timedelta(hours=keep_hours))
        if made is None:
            raise _unknown(key_id)
    if not as_json:
        console(stderr=True).print(f"Key {key_id} works for another {keep_hours:g} h.")
    _tell_token(*made, as_json=as_json)


def _unknown(key_id: str) -> Trouble:
    return Trouble(f"There is no access key {key_id[:40]}.", "See them with `dateline keys list`.", Exit.MISSING)


def list_all(*, as_json: bool, store: Store | None = None) -> None:
    """Print all keys."""
    found = (store or open_store()).access.list()
    if as_json:
        emit([_document(key) for key in found])
        return
    if not found:
        console().print("There are no access keys. Make one with `dateline keys create NAME`.")
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("id", "name", "scopes", "created", "works until"):
        table.add_column(heading)
    for key in found:
        until = moment(key.expires_at) if key.expires_at else ""
        made = moment(key.created_at)
        table.add_row(key.id, Text(key.name), ", ".join(sorted(key.scopes)), made, until)
    console().print(table)


def revoke(key_id: str, *, as_json: bool, store: Store | None = None) -> None:
    """Delete a key."""
    store = store or open_store()
    with audited(store, "keys revoke", key_id[:40]):
        if not store.access.revoke(key_id):
            raise _unknown(key_id)
    if as_json:
        emit({"revoked": key_id})
    else:
        console().print(f"Key {key_id} is revoked.")
