"""``dateline sources``: where news hosts are at home, and how much is remembered of them. Works on the store."""

from rich.table import Table

from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from schemas import host_of, normal_source
from store import Store
from tasks.geotag import Gazetteer, shipped_gazetteer


def set_home(
    host: str, place: int | None, *, as_json: bool, store: Store | None = None, gazetteer: Gazetteer | None = None
) -> None:
    """Say where a source is at home, or take it back.

    Raises:
        Trouble: The gazetteer has no place with this id.
    """
    source = _host(host)
    known = (gazetteer or shipped_gazetteer()).place(place) if place is not None else None
    if place is not None and known is None:
        hint = "Find it with `dateline gazetteer lookup NAME`."
        raise Trouble(f"The gazetteer has no place with the id {place}.", hint, Exit.USAGE)
    (store or open_store()).sources.set_home(source, place)
    if as_json:
        emit({"source": source, "home": place})
    else:
        console().print(f"{source}: {known.name if known else 'no home'}", markup=False)


def show(host: str | None, *, as_json: bool, store: Store | None = None, gazetteer: Gazetteer | None = None) -> None:
    """Print all homes, or what is known of one source."""
    opened, places = store or open_store(), gazetteer or shipped_gazetteer()
    homes = opened.sources.homes()
    if host is not None:
        [memory] = opened.sources.recall([(_host(host), None)])
        emit({"source": _host(host), "home": memory.home, "articles": memory.version})
        return
    if as_json:
        emit(homes)
        return
    table = Table(box=None, pad_edge=False)
    for title in ("source", "home", "id"):
        table.add_column(title)
    for source, home in homes.items():
        place = places.place(home)
        table.add_row(source, place.name if place else "not in this gazetteer", str(home))
    console().print(table)


def _host(text: str) -> str:
    return (host_of(text) if "//" in text else None) or normal_source(text)
