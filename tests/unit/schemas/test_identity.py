import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Ref, Submission, article_id, content_digest, host_of, same_page_key, source_of


def new(**fields: Any) -> Submission:
    return Submission.model_validate({"text": "A body.", **fields})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a",
        "https://www.example.org/a/",
        "https://EXAMPLE.org:443/a#top",
        "https://example.org/a?utm_source=x&fbclid=y",
        "https://example.org/a?",
    ],
)
def test_spellings_of_one_page_are_one_article(url: str) -> None:
    assert article_id(new(url=url)) == article_id(new(url="https://example.org/a"))


@pytest.mark.parametrize("url", ["https://example.org/b", "https://example.org/a?page=2", "https://example.net/a"])
def test_different_pages_are_different_articles(url: str) -> None:
    assert article_id(new(url=url)) != article_id(new(url="https://example.org/a"))


def test_the_order_of_query_parameters_does_not_matter() -> None:
    assert same_page_key("https://e.org/?b=2&a=1") == same_page_key("https://e.org/?a=1&b=2")


def test_a_client_id_decides_before_the_url_within_its_source() -> None:
    one = new(external_id="7", url="https://example.org/a")
    assert article_id(one) == article_id(new(external_id="7", url="https://example.org/moved"))
    assert article_id(one) != article_id(new(external_id="7", url="https://other.org/a"))


def test_the_canonical_url_decides_before_the_url() -> None:
    amp = new(url="https://amp.example.org/a.html", canonical_url="https://example.org/a")
    assert article_id(amp) == article_id(new(url="https://example.org/a"))


def test_without_address_the_content_decides() -> None:
    assert article_id(new()) == article_id(new())
    assert article_id(new()) != article_id(new(text="Another body."))


def test_the_content_digest_ignores_what_changes_from_crawl_to_crawl() -> None:
    first = new(fetched_at="2026-01-01T00:00:00Z", extra={"job": 1})
    assert content_digest(first) == content_digest(new(fetched_at="2026-01-02T00:00:00Z", extra={"job": 2}))
    assert content_digest(first) != content_digest(new(title="A title"))


def test_ids_are_stable_from_release_to_release() -> None:
    assert article_id(new(url="https://example.org/a")) == "wj2hyb4aukuy446izgi4te6cdi"


@given(
    st.fixed_dictionaries(
        {"text": st.text(min_size=1).filter(lambda text: text.strip() and "\x00" not in text)},
        optional={
            "title": st.sampled_from(["A title", ""]),
            "authors": st.lists(st.sampled_from(["Ada", "Per"])),
            "extra": st.dictionaries(st.sampled_from("ab"), st.integers()),
            "fetched_at": st.sampled_from(["2026-01-02", None]),
            "published_at": st.sampled_from(["2026-01-02T03:04:05.678+02:00", "nonsense"]),
        },
    )
)
def test_the_digest_is_the_same_from_a_body_that_is_there_already(fields: dict[str, Any]) -> None:
    submission = Submission.model_validate(fields)
    body = submission.model_dump_json(exclude_none=True, exclude_defaults=True)
    assert content_digest(submission, body) == content_digest(submission)


def test_digests_are_base32_in_lower_case() -> None:
    raw = hashlib.blake2b(b"url\nhttps://example.org/a", digest_size=16).digest()
    assert article_id(new(url="https://example.org/a")) == base64.b32encode(raw).decode().rstrip("=").lower()


def test_the_source_is_the_submitted_domain_else_the_host() -> None:
    assert source_of(new(source_domain="WWW.Example.org")) == "example.org"
    assert source_of(new(url="https://www.example.org:8080/a")) == "example.org" == host_of("http://example.org.")
    assert source_of(new()) is None


@given(
    st.from_regex(
        r"https?://[a-z]{1,10}\.(org|com)(/[a-zA-Z0-9%._~-]{0,20}){0,3}(\?[a-z=&%0-9]{0,30})?", fullmatch=True
    )
)
def test_the_page_key_of_a_page_key_is_itself(url: str) -> None:
    assert same_page_key(same_page_key(url)) == same_page_key(url)


def test_a_reference_is_read_back_as_it_was_written() -> None:
    assert Ref.parse(str(Ref("abc", 3))) == Ref("abc", 3)


@pytest.mark.parametrize("text", ["abc", ":1", "abc:", "abc:x", ""])
def test_a_broken_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Ref.parse(text)
