"""``dateline sources``: where news hosts are at home, and how much is remembered of them. Works on the store."""

from pydantic_core import PydanticCustomError
from rich.table import Table
from rich.text import Text

from cli.audit import audited
from cli.connection import open_store
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, counted, emit
from schemas import host_of
from store import Store
from tasks.geotag import Gazetteer, shipped_gazetteer


def set_home(
    host: str, place: int | None, *, as_json: bool, store: Store | None = None, gazetteer: Gazetteer | None = None
) -> None:
    """Say where a source is at home, or take it back.

    Raises:
        Trouble: The gazetteer has no place with this id, or the host is none.
    """
    source = _host(host)
    known = (gazetteer or shipped_gazetteer()).place(place) if place is not None else None
    if place is not None and known is None:
        hint = "Find it with `dateline gazetteer lookup NAME`."
        raise Trouble(f"The gazetteer has no place with the id {place}.", hint, Exit.USAGE)
    opened = store or open_store()
    with audited(opened, "sources home", f"{source} {'' if place is None else place}".strip()):
        opened.sources.set_home(source, place)
    if as_json:
        emit({"source": source, "home": place})
    else:
        console().print(f"{source}: {known.name if known else 'no home'}", markup=False)


def show(host: str | None, *, as_json: bool, store: Store | None = None, gazetteer: Gazetteer | None = None) -> None:
    """Print all homes, or what is known of one source."""
    opened, places = store or open_store(), gazetteer or shipped_gazetteer()
    if host is not None:
        _show_one(_host(host), opened, places, as_json=as_json)
        return
    homes = opened.sources.homes()
    if as_json:
        emit(homes)
        return
    if not homes:
        console().print("Nobody has set a home. Set one with `dateline sources home HOST PLACE_ID`.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("source", "home", "id"):
        table.add_column(title)
    for source, home in homes.items():
        place = places.place(home)
        table.add_row(source, place.name if place else "not in this gazetteer", str(home))
    console().print(table)


def _show_one(source: str, store: Store, gazetteer: Gazetteer, *, as_json: bool) -> None:
    [memory] = store.sources.recall([(source, None)])
    if as_json:
        emit({"source": source, "home": memory.home, "articles": memory.version})
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan")
    for title, value in (
        ("source", source),
        ("home", _home(memory.home, gazetteer)),
        ("remembered", f"places of {counted(memory.version, 'articles')}"),
    ):
        table.add_row(title, Text(value))
    console().print(table)


def _home(place: int | None, gazetteer: Gazetteer) -> str:
    if place is None:
        return "not set"
    known = gazetteer.place(place)
    return f"{known.name}, {known.country} ({place})" if known else f"{place}, which is not in this gazetteer"


def _host(text: str) -> str:
    """The host in what was typed: a host, or an address.

    Raises:
        Trouble: There is none in it.
    """
    address = text.strip() if "//" in text else f"https://{text.strip()}/"
    try:
        return host_of(address)
    except PydanticCustomError as error:
        raise Trouble(f"{text[:80]!r} is no host.", "Give one as in news.example.", Exit.USAGE) from error
