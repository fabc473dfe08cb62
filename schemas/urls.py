"""Addresses of articles: what is a valid one, and when two of them name the same page.

Written here rather than taken from a library because identities must not change with a library's version.
"""

import re
from functools import lru_cache
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlunsplit

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
_DEFAULT_PORTS = frozenset({"", "0", "80", "443"})
"""Of either scheme, because the scheme tells no pages apart: what a key makes of itself has to be the same key."""
_BLANK = r"\x00-\x20\x7f"
_SPLITS = (
    r"\u2047-\u2049\u2100\u2101\u2105\u2106\u2a74\ufe13\ufe16\ufe55\ufe56\ufe5f\ufe6b\uff03\uff0f\uff1a\uff1f\uff20"
)
"""What Unicode's compatibility forms (NFKC) turn into one of ``/?#@:``: a host with it may become another host."""
_USER = rf"(?:[^/?#\[\]{_BLANK}{_SPLITS}]*@)?"
_NO_HOST = rf"/?#@:\[\]\s{_BLANK}{_SPLITS}"
_HOST = rf"(\[[0-9A-Fa-f:.]+\]|\.*[^.{_NO_HOST}][^{_NO_HOST}]*)"
_PORT = r"(?::(?:0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5]?[0-9]{1,4}))?)?"
_REST = rf"(/[^?#{_BLANK}]*)?(?:\?([^#{_BLANK}]*))?(?:#[^{_BLANK}]*)?"
PATTERN = rf"^\s*([Hh][Tt][Tt][Pp][Ss]?)://{_USER}{_HOST}{_PORT}{_REST}\s*$"
"""All that is asked of an address, in what the regular expressions of Python and of JSON Schema have in common: so the
schema says all of it, and no identity hangs on what one release or another of a library takes for an address. White
space around an address is taken away."""
_ADDRESS = re.compile(PATTERN)


class _Address(NamedTuple):
    """A web address in the parts that tell pages apart; what it lacks is empty."""

    host: str
    port: str
    path: str
    query: str


@lru_cache(maxsize=512)
def _split(url: str) -> _Address:
    """Take an address apart. Each article's is asked for four times in a row: validation, identity, source."""
    found = _ADDRESS.match(url)
    if found is None:
        begun = url.lstrip().lower().startswith(("http://", "https://"))
        told = "is not a valid web address" if begun else "is not a web address that starts with http:// or https://"
        raise PydanticCustomError("url", told)
    _, host, port, path, query = found.groups(default="")
    return _Address(host.lower(), port, path, query)


def _checked(url: str) -> str:
    _split(url)
    return url.strip()


WebUrl = Annotated[
    str,
    StringConstraints(max_length=4_096),
    AfterValidator(_checked),
    Described((("format", "uri"), ("pattern", PATTERN))),
]
"""An absolute http or https address, kept as it was written."""


def host_of(url: str) -> str:
    """The lower-case host of an address, without ``www.``.

    >>> host_of("https://www.Example.org:443/a")
    'example.org'
    """
    return _site(_split(url).host).strip("[]")


def _site(host: str) -> str:
    return host.removeprefix("www.").rstrip(".") or host


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith(_TRACKING_PREFIXES)


def same_page_key(url: str) -> str:
    """Fold an address to a key that is equal for two spellings of the same page.

    Scheme, ``www.``, default port, fragment, trailing slash, tracking parameters and the order of the others do not
    tell two pages apart.

    >>> same_page_key("http://www.Example.org/a/?utm_source=x&b=2&a=1#top")
    'https://example.org/a?a=1&b=2'
    """
    host, port, path, query = _split(url)
    site = _site(host)
    if port not in _DEFAULT_PORTS:
        site = f"{site}:{port}"
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    kept = urlencode(sorted((k, v) for k, v in pairs if not _is_tracking(k)))
    return urlunsplit(("https", site, path.rstrip("/"), kept, ""))
