"""What is known of the article's source before its text is read."""

from dataclasses import dataclass
from typing import Final

from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._masthead import masthead
from tasks.geotag._memory import Memory, memory_of
from tasks.stage import StageInput

_GENERIC_TLD = frozenset({"tv", "me", "io", "co", "fm", "ly", "cc", "ws", "to", "ai", "gg", "la", "us"})
"""Country domains that outlets of the whole world use; `us` says nothing that matters."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """The source's country, if its domain says it, its memory, and what place its host names."""

    country: str | None = None
    memory: Memory | None = None
    masthead: str | None = None
    """The key of the name that it is called after."""


UNKNOWN: Final = Outlet()


def outlet_of(article: StageInput, gazetteer: Gazetteer, *, listed_homes: bool = True) -> Outlet:
    """What is known of an article's source; without the homes that the gazetteer lists, to measure what they bring."""
    memory = memory_of(article, gazetteer, listed_homes=listed_homes)
    name = masthead(article.source, gazetteer) if article.source else None
    return Outlet(_country_of(article.source, gazetteer), memory, name)


def _country_of(source: str | None, gazetteer: Gazetteer) -> str | None:
    """The country of a host under a country's top-level domain."""
    tld = (source or "").rpartition(".")[2].lower()
    code = {"uk": "GB"}.get(tld, tld.upper())
    return code if tld not in _GENERIC_TLD and gazetteer.area(code) is not None else None
