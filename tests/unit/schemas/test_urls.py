"""What counts as a web address: for the model, and in the same words for its JSON Schema."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from schemas import host_of, same_page_key
from schemas.urls import PATTERN, WebUrl

ADDRESS: TypeAdapter[str] = TypeAdapter(WebUrl)
BY_SCHEMA = Draft202012Validator(ADDRESS.json_schema())
PIECES = [
    "http", "https", "HTTPS", "ftp", ":", "//", "/", "?", "#", "@", "[", "]", "a.example", "www.", "::1", "443", "0",
    "65535", "65536", " ", "\u00a0", "\n", "\x1f", "\x7f", "ä", "\u2100", "\uff0f", "utm_source=x", "&b=2", "\\", ".",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
addresses = st.one_of(pieces, pieces.map("https://{}".format), pieces.map("http://a.example{}".format))


def accepted(value: Any) -> bool:
    try:
        ADDRESS.validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "HTTP://A.Example:80/x?y#z",
        " https://a.example/x\n",
        "https://user:secret@a.example:65535/",
        "http://[2001:db8::1]:8080/a",
        "https://пример.example/новости",
        "https://a.example/a|b{c}",
        "https://a.example:/",
    ],
)
def test_a_web_address_is_accepted(url: str) -> None:
    assert ADDRESS.validate_python(url) == url.strip()
    assert BY_SCHEMA.is_valid(url)


@pytest.mark.parametrize(
    "url",
    [
        "https:", "https://", "https:///path", "https:a.example", "http://?", "https://user@", "https://:80", "https://.",
        "ftp://a.example", "//a.example", "a.example", "javascript:alert(1)", "https://a.example:65536",
        "https://a.example:x", "https://[::1", "https://::1]", "https://a b.example", "https://a.example/\x00",
        "https://a.example/x y", "https://a\u2100b.example", "https://a.example" + "/x" * 2_048, 5, "",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: Any) -> None:
    assert not accepted(url)
    assert not BY_SCHEMA.is_valid(url)


@given(st.one_of(addresses, st.from_regex(PATTERN), st.text(max_size=30)))
@example("https:")
def test_the_schema_allows_what_the_model_accepts_and_nothing_else(url: str) -> None:
    assert BY_SCHEMA.is_valid(url) == accepted(url)


@given(st.one_of(addresses, st.from_regex(PATTERN)).filter(accepted))
@example("http://a.example:443")
def test_what_is_accepted_has_a_host_and_a_key_that_stays(url: str) -> None:
    kept = ADDRESS.validate_python(url)
    assert ADDRESS.validate_python(kept) == kept
    assert host_of(kept)
    assert same_page_key(same_page_key(kept)) == same_page_key(kept) or "www.www." in kept.lower()


@given(addresses.filter(accepted))
def test_the_host_is_the_one_that_others_see(url: str) -> None:
    """A host that readers take for another one would give an article to the wrong source."""
    try:
        seen = urlsplit(ADDRESS.validate_python(url)).hostname
    except ValueError:
        assert re.search(r"\[[0-9A-Fa-f:.]+\]", url), "only brackets are taken more generously"
        return
    assert seen
    assert host_of(url) == (seen.removeprefix("www.").rstrip(".") or seen)


@pytest.mark.parametrize("url", ["http://" + "a" * 4_000 + " x", " " * 4_000 + "x", "https://a:" + "0" * 4_000 + "x"])
def test_a_long_address_takes_no_time(url: str) -> None:
    """A pattern that goes back and forth would take minutes here."""
    assert not accepted(url)
