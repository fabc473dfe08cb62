"""Addresses of articles: what is a valid one, and when two of them name the same page.

Written here rather than taken from a library because identities must not change with a library's version.
"""

import re
from functools import lru_cache
from typing import Annotated, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from schemas.base import Described

_TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "at_", "ns_", "hsa_")
_TRACKING = frozenset(
    {
        "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "twclid", "ocid", "cmpid", "cmp", "ref", "ref_src",
        "smid", "s_cid", "ito", "sh", "taid", "xtor", "spm", "partner", "feature", "share", "outputtype", "amp",
    }
)  # fmt: skip
"""Query parameters that say how a reader came to the page, not which page it is (seen in feeds and share links)."""
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Address(NamedTuple):
    """A web address in its parts; those that are computed, computed once."""

    parts: SplitResult
    host: str
    port: int | None


@lru_cache(maxsize=512)
def _split(url: str) -> _Address:
    """Take an address apart. Each article's is asked for four times in a row: validation, identity, source."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise PydanticCustomError("url", "is not a valid web address") from error
    host = parts.hostname
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host:
        raise PydanticCustomError("url", "is not a web address that starts with http:// or https://")
    return _Address(parts, host.lower(), port)


def _checked(url: str) -> str:
    if _UNPRINTABLE.search(url):
        raise PydanticCustomError("url", "is not a valid web address: it contains blanks or control characters")
    _split(url)
    return url


WebUrl = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=4_096),
    AfterValidator(_checked),
    Described((("format", "uri"),)),
]
"""An absolute http or https address, kept as it was written."""


def host_of(url: str) -> str:
    """The lower-case host of an address, without ``www.``.

    >>> host_of("https://www.Example.org:443/a")
    'example.org'
    """
    return _split(url).host.removeprefix("www.").rstrip(".")


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith(_TRACKING_PREFIXES)


def same_page_key(url: str) -> str:
    """Fold an address to a key that is equal for two spellings of the same page.

    Scheme, ``www.``, default port, fragment, trailing slash, tracking parameters and the order of the others do not
    tell two pages apart.

    >>> same_page_key("http://www.Example.org/a/?utm_source=x&b=2&a=1#top")
    'https://example.org/a?a=1&b=2'
    """
    parts, _, port = _split(url)
    host = host_of(url) + (f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme.lower()], 0) else "")
    pairs = parse_qsl(parts.query, keep_blank_values=True) if parts.query else []
    query = urlencode(sorted((k, v) for k, v in pairs if not _is_tracking(k)))
    return urlunsplit(("https", host, parts.path.rstrip("/"), query, ""))
