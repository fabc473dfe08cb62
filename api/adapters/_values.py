"""Reading single values of foreign documents."""

import html
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from schemas import Instant

_NOTHING = frozenset({"", "none", "null", "nan"})
"""news-please writes the string "None" for a date that it did not find (measurements C4)."""
_MARKUP = re.compile(
    r"</?(?:p|div|br|h[1-6]|span|section|article|a|ul|ol|li|blockquote|figure|em|strong)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_INSTANT: TypeAdapter[Any] = TypeAdapter(Instant)
_SCALARS = (str, int, float, bool)


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: null, blank, the word None, or a list of nothing else (newspaper4k's ``[""]``)."""
    if isinstance(value, str):
        return value.strip().lower() in _NOTHING
    if isinstance(value, list | tuple):
        return all(map(is_blank, value))
    return value is None or value == {}


def is_plain(value: Any) -> bool:
    """Whether a value has no structure beyond a list, so that taking it takes all of it."""
    return isinstance(value, _SCALARS) or (isinstance(value, list) and all(isinstance(v, _SCALARS) for v in value))


def listed(value: Any) -> list[Any]:
    """A value that may be one or a list of them, as a list."""
    return value if isinstance(value, list) else [value]


def first_of(value: Any, read: Callable[[Any], str | None]) -> str | None:
    """The first of one or several values that can be read."""
    return next((found for item in listed(value) if (found := read(item)) and not is_blank(found)), None)


def string(value: Any) -> str | None:
    """A string that says something."""
    return value.strip() if isinstance(value, str) and not is_blank(value) else None


def member(*names: str) -> Callable[[Any], str | None]:
    """A reader: a string itself, or the first of these members of an object that is one."""

    def read(value: Any) -> str | None:
        if isinstance(value, dict):
            return next((found for name in names if (found := string(value.get(name)))), None)
        return string(value)

    return read


def members(*names: str) -> Callable[[Any], list[str]]:
    """A reader of one or several values, each as `member`; what cannot be read is left out."""
    read = member(*names)
    return lambda value: [found for item in listed(value) if (found := read(item))]


def terms(value: Any) -> list[str]:
    """Keywords, also where one of several is itself a list in a string: trafilatura's ``"a, b;a;c"``."""
    found = members("name", "term", "label")(value)
    parts = (part.strip() for item in found for part in re.split(r"[,;]", item))
    return list(dict.fromkeys(part for part in parts if not is_blank(part)))


def is_instant(value: Any) -> bool:
    """Whether a value can be read as a moment."""
    try:
        _INSTANT.validate_python(value)
    except ValidationError:
        return False
    return True


def readable_date(values: Iterable[Any]) -> Any:
    """The first of several dates that can be read; else the first at all, so that its loss is warned of."""
    given = [value for value in values if not is_blank(value)]
    return next(filter(is_instant, given), given[0] if given else None)


def is_markup(text: str) -> bool:
    """Whether a text is written in HTML."""
    return _MARKUP.search(text) is not None


def without_tags(text: str) -> str:
    """A short text, such as a headline, without HTML.

    >>> without_tags("Storm takes the <em>pier</em> &amp; the kiosk")
    'Storm takes the pier & the kiosk'
    """
    return html.unescape(_TAG.sub("", text))


def host(url: Any) -> str | None:
    """The host of a web address, if it is one."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return None
    return parts.hostname if parts and parts.scheme in {"http", "https"} else None


def web_address(value: Any) -> str | None:
    """A string that is a web address."""
    return value if host(value) else None


def same_words(one: Any, other: Any) -> bool:
    """Whether two texts differ in white space only."""
    return isinstance(one, str) and isinstance(other, str) and one.split() == other.split()
