"""Who wrote an article: names taken out of what pages put where authors belong."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from tasks.clean._foreign_byline import foreign_byline
from tasks.clean._repair import repair

_MAX_AUTHORS = 20
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_BY = re.compile(r"^\s*(?:written\s)?by:?\s+", re.IGNORECASE)
_NAMES = re.compile(r"\s*(?:;|,\s(?!(?:Jr|Sr|II|III|IV|M\.?D|Ph\.?D|J\.?D|Esq)\b)(?:and\s)?|\sand\s|\s&\s)\s*")
_ROLE = re.compile(
    r"(?:,?\s+(?:[A-Z]\w+\s)?(?:staff|contributing|senior|special)\s(?:writers?|reporters?|correspondents?|editors?))$"
    r"|\s+(?:on\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}$",
    re.IGNORECASE,
)
"""What stands behind a name in a byline."""
_NO_PERSON = re.compile(
    r"\b(?:staff|reporters?|writers?|correspondents?|editors?|editorial|bureau|desk|newsroom|team|login|log\sin|download"
    r"|subscribe|sign\sup|free|posted|published|updated|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri"
    r"|sat|sun)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<=\w)\s(?:in|at|reporting\sfrom)\s[A-Z][\w’'.-]+(?:[\s,]+[A-Z][\w’'.-]+){0,3}$")
"""Where somebody wrote: "Eleni Markou in Vienna"."""
_AGENCIES = frozenset(
    [
        "dpa", "afp", "ap", "apa", "sda", "sid", "epd", "kna", "rtr", "reuters", "efe", "ansa", "anp", "belga", "lusa",
        "pap", "čtk", "ntb", "tt",
    ]
)  # fmt: skip
_EDGES = " -–—|•·,:"
_OUTLET = re.compile(
    r"\b(?:news|post|times|press|tribune|herald|journal|magazine|daily|mail|cnn|bbc|reuters|ap|afp)$", re.IGNORECASE
)
_AFTER_BAR = re.compile(r"\s[|/]\s.*$", re.DOTALL)
_AFTER_DASH = re.compile(r"^(\S+\s(?:\S+\s){0,5}?\S+)\s[-–—]\s.*$", re.DOTALL)
"""Where somebody works, behind two words or more: "Jane Doe - Associated Press"."""
_AFTER_STOP = re.compile(r"^(\w\S*\s(?:\S+\s){0,2}?[^\W\d_]{3,})\.\s[A-Z]\S.*$")
"""... or behind a full stop that ends no initial: "Jane Doe. The Herald International"."""
_COMPANY = re.compile(r"\b(?:inc|ltd|llc|plc|gmbh|corp|asa|oyj|limited)\.?$", re.IGNORECASE)
"""The legal form at the end of a company's name: who sends a release is not who wrote it."""


def _is_name(text: str) -> bool:
    """Addresses, handles, slugs, picture credits, roles and buttons are no names."""
    if not text or (text == text.lower() != text.upper()) or any(char in "/@:()" or char.isdigit() for char in text):
        return False
    return _NO_PERSON.search(text) is None and _COMPANY.search(text) is None


def _without_role(name: str) -> str:
    """The name alone; where less than two words would be left, it was none."""
    bare = _ROLE.sub("", name)
    return bare if " " in bare else name


def _plain(name: str) -> str:
    """A name without role and place, and not in capitals."""
    bare = _FROM.sub("", _without_role(repair(name).strip(_EDGES)))
    return bare.title() if bare.isupper() and " " in bare else bare


def _without_address(value: str) -> str:
    return _EMAIL.sub("", value[:500]).strip()


def without_outlet(names: tuple[str, ...], site: str | None) -> tuple[str, ...]:
    """The authors without the outlet itself, which some pages name beside them; alone it is the author.

    >>> without_outlet(("Jane Doe", "Business Insider"), "Business Insider Deutschland")
    ('Jane Doe',)
    """
    outlet = f"{(site or '').casefold().removeprefix('the ')} "
    persons = tuple(name for name in names if not outlet.startswith(f"{name.casefold().removeprefix('the ')} "))
    return persons or names


def agencies(structured: Iterable[str]) -> tuple[str, ...]:
    """News agencies among the structured names: they write themselves small, as no person does."""
    return tuple(dict.fromkeys(name.strip() for name in structured if name.strip().lower() in _AGENCIES))


def author_names(structured: Iterable[str], loose: Iterable[str]) -> tuple[str, ...]:
    """Names: structured values where there are any, else bylines. Either may hold several names."""
    values = [
        _AFTER_STOP.sub(r"\1", _AFTER_DASH.sub(r"\1", _AFTER_BAR.sub("", _BY.sub("", _without_address(value)))))
        for value in list(structured) or list(loose)
    ]
    names = (_plain(name) for value in values for name in foreign_byline(value) or _NAMES.split(value))
    unique = list({name.casefold(): name for name in names if _is_name(name)}.values())
    whole = [name for name in unique if " " in name]  # a word beside whole names is a beat or a column: "Politics"
    persons = [name for name in whole if not _OUTLET.search(name)]  # an outlet beside persons is where they work
    return tuple(persons or whole or unique)[:_MAX_AUTHORS]


def visible_authors(tree: HtmlElement) -> list[str]:
    found = extract_author(tree)
    return found.split(";") if isinstance(found, str) else []
