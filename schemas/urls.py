"""Addresses of articles: what is a valid one, and when two of them name the same page.

Written here rather than taken from a library because identities must not change with a library's version.
"""

from typing import Annotated
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
_DEFAULT_PORTS = {"http": 80, "https": 443}


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise PydanticCustomError("url", "is not a valid web address") from error
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise PydanticCustomError("url", "is not a web address that starts with http:// or https://")
    return parts


def _checked(url: str) -> str:
    if any(ord(char) <= 32 or ord(char) == 127 for char in url):  # noqa: PLR2004 - space, controls and DEL
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
    return (_split(url).hostname or "").lower().removeprefix("www.").rstrip(".")


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith(_TRACKING_PREFIXES)


def same_page_key(url: str) -> str:
    """Fold an address to a key that is equal for two spellings of the same page.

    Scheme, ``www.``, default port, fragment, trailing slash, tracking parameters and the order of the others do not
    tell two pages apart.

    >>> same_page_key("http://www.Example.org/a/?utm_source=x&b=2&a=1#top")
    'https://example.org/a?a=1&b=2'
    """
    parts = _split(url)
    port = parts.port if parts.port not in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else None
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k))
    host = host_of(url) + (f":{port}" if port else "")
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(query), ""))
