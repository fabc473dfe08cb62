"""``dateline keys``: access keys of the API."""

from typing import Any

from rich.table import Table
from rich.text import Text

from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from store import AccessKey, Scope, Store


def _scopes(names: list[str]) -> frozenset[Scope]:
    try:
        return frozenset(Scope(name) for name in names)
    except ValueError as error:
        known = ", ".join(Scope)
        raise Trouble("There is no such scope.", f"Scopes are {known}.", Exit.USAGE) from error


def _document(key: AccessKey) -> dict[str, Any]:
    known = {"id": key.id, "name": key.name, "scopes": sorted(key.scopes), "created_at": key.created_at.isoformat()}
    return known | ({"articles_per_minute": key.articles_per_minute} if key.articles_per_minute else {})


def create(
    name: str, scopes: list[str], per_minute: int | None = None, *, as_json: bool, store: Store | None = None
) -> None:
    """Make a key and print its token."""
    wanted = _scopes(scopes)
    token, key = (store or open_store()).access.create(name, wanted, per_minute)
    if as_json:
        emit(_document(key) | {"token": token})
        return
    console(stderr=True).print(f"Key {key.id} for {', '.join(sorted(key.scopes))}. Keep it: it is not shown again.")
    console().print(token, markup=False, soft_wrap=True)


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
    for heading in ("id", "name", "scopes", "created"):
        table.add_column(heading)
    for key in found:
        table.add_row(key.id, Text(key.name), ", ".join(sorted(key.scopes)), f"{key.created_at:%Y-%m-%d %H:%M} UTC")
    console().print(table)


def revoke(key_id: str, *, as_json: bool, store: Store | None = None) -> None:
    """Delete a key."""
    if not (store or open_store()).access.revoke(key_id):
        raise Trouble(f"There is no access key {key_id[:40]}.", "See them with `dateline keys list`.", Exit.MISSING)
    if as_json:
        emit({"revoked": key_id})
    else:
        console().print(f"Key {key_id} is revoked.")
