"""The adapters on what the libraries really write (tests/data/formats, see scripts/record_formats.py) and on examples
written after the standards."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.adapters import NoArticle, adapt, detect
from api.problems import Refused
from api.validation import read_foreign
from schemas import MAX_EXTRA_BYTES, Format, Submission, Warning

FOLDER = ROOT / "tests" / "data" / "formats"
FOREIGN = [found for found in Format if found not in {Format.AUTO, Format.DATELINE}]


def lines(written_in: Format) -> list[bytes]:
    return (FOLDER / f"{written_in}.ndjson").read_bytes().splitlines()


def read(document: Any, written_in: Format) -> tuple[Submission, list[Warning]]:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    submission, warnings, found = read_foreign(raw, written_in)
    assert written_in in {found, Format.AUTO}
    return submission, warnings


def noted(warnings: list[Warning]) -> list[tuple[str, str]]:
    return [(warning.field, warning.code) for warning in warnings]


def leaves(value: Any) -> Iterator[str]:
    """Every word that a document says: strings and numbers, however deep."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield from str(value).split()


@pytest.mark.parametrize("written_in", FOREIGN)
def test_every_recorded_line_is_read_and_recognised(written_in: Format) -> None:
    assert lines(written_in)
    for line in lines(written_in):
        submission, _, found = read_foreign(line, Format.AUTO)
        assert found is written_in
        assert submission.text or submission.html
        assert submission.title


@pytest.mark.parametrize("written_in", FOREIGN)
def test_nothing_that_a_line_carries_is_lost(written_in: Format) -> None:
    """Each word of the document stands somewhere in the submission; markup of headlines and what joins names do not."""
    gone = {"<em>pier</em>", "<i>Thornton</i>", "&amp;", "None", "By", "and"}
    for line in lines(written_in):
        submission, _ = read(line, written_in)
        kept = " ".join(leaves(submission.model_dump(mode="json")))
        for word in set(leaves(json.loads(line))) - gone:
            for part in word.strip(";,").split(";"):
                is_time = part[4:5] == "-" or part[2:3] == ":"
                assert part in kept or (is_time and submission.published_at), f"{part!r} of {written_in} is lost"


def test_trafilatura_joins_authors_and_puts_comma_lists_into_tags() -> None:
    submission, warnings = read(lines(Format.TRAFILATURA)[0], Format.TRAFILATURA)
    assert submission.authors == ("Ingrid Solheim", "Tomás Ferreira")
    assert submission.keywords == ("ferries", "Skarvik", "islands")
    assert submission.source_name == "The Skarvik Post"
    assert submission.section == "Region"
    assert submission.external_id == "r-1"
    assert noted(warnings) == [("published_at", "no_time_zone")]
    assert set(submission.extra) == {"filedate", "fingerprint", "pagetype"}
    assert "\n" in (submission.text or "")


def test_trafilaturas_dictionary_is_read_like_its_json() -> None:
    written, dictionary = (read(line, Format.TRAFILATURA)[0] for line in lines(Format.TRAFILATURA)[:2])
    assert dictionary.model_dump(exclude={"extra", "external_id"}) == written.model_dump(
        exclude={"extra", "external_id"}
    )


def test_several_categories_of_trafilatura_are_kept() -> None:
    submission, _ = read({"text": "Words.", "categories": "World;Sport", "raw_text": "Other."}, Format.TRAFILATURA)
    assert submission.section == "World"
    assert submission.extra == {"categories": "World;Sport", "raw_text": "Other."}


def test_newspaper4k_sends_a_list_with_an_empty_keyword_and_a_language_of_its_own() -> None:
    line = lines(Format.NEWSPAPER4K)[1]
    assert json.loads(line)["meta_keywords"] == [""]
    submission, warnings = read(line, Format.NEWSPAPER4K)
    assert (submission.keywords, submission.language, submission.published_at) == (None, None, None)
    assert submission.extra == {"language": "en"}
    assert not warnings


def test_newspaper4k_names_the_canonical_page() -> None:
    submission, _ = read(lines(Format.NEWSPAPER4K)[0], Format.NEWSPAPER4K)
    assert submission.canonical_url == "https://www.skarvikpost.example/2026/03/14/harbour-ferry-returns"
    assert submission.authors == ("Ingrid Solheim", "Tomás Ferreira")
    assert submission.language == "en"


def test_news_please_writes_none_as_a_word_and_dates_without_zone() -> None:
    first, second = lines(Format.NEWS_PLEASE)[:2]
    assert json.loads(second)["date_publish"] == "None"
    submission, warnings = read(first, Format.NEWS_PLEASE)
    assert str(submission.published_at) == "2026-03-14 07:30:00+00:00"
    assert noted(warnings) == [("published_at", "no_time_zone"), ("fetched_at", "no_time_zone")]
    bare, _ = read(second, Format.NEWS_PLEASE)
    assert (bare.published_at, bare.modified_at) == (None, None)


def test_news_pleases_page_instead_of_an_image_is_left_out() -> None:
    line = lines(Format.NEWS_PLEASE)[1]
    assert json.loads(line)["image_url"] == json.loads(line)["url"]
    assert read(line, Format.NEWS_PLEASE)[0].image_url is None


def test_jsonld_objects_become_plain_fields_and_stay_under_extra() -> None:
    submission, warnings = read(lines(Format.JSONLD)[0], Format.JSONLD)
    assert submission.authors == ("Ada Lune", "Per Falk")
    assert submission.title == "Bridge tolls end & the queue stays"
    assert submission.language == "en-gb"
    assert submission.keywords == ("bridges", "tolls")
    assert submission.image_url == "https://www.lowmoor.example/images/bridge.jpg"
    assert submission.license == "https://creativecommons.org/licenses/by-nd/4.0/"
    assert submission.extra["author"][0]["jobTitle"] == "Transport reporter"  # type: ignore[index,call-overload]
    assert not warnings


def test_jsonld_references_are_followed_within_the_graph() -> None:
    submission, _ = read(lines(Format.JSONLD)[1], Format.JSONLD)
    assert submission.url == "https://tarnbrook.example/roof"
    assert submission.authors == ("Nell Brook",)
    assert submission.source_name == "Tarnbrook Times"
    assert submission.html
    assert submission.text is None


def test_jsonld_without_address_is_known_by_its_identifier_and_publisher() -> None:
    submission, _ = read(lines(Format.JSONLD)[2], Format.JSONLD)
    assert (submission.external_id, submission.source_domain) == ("F-2291", "isleradio.example")
    assert str(submission.published_at) == "2026-06-01 10:00:00+00:00"


def test_jsonld_that_holds_no_article_is_refused_with_the_field() -> None:
    with pytest.raises(Refused) as refused:
        read({"@type": "Recipe", "name": "Soup"}, Format.JSONLD)
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/@type", "no_article")


def test_ninjs_1_has_one_property_for_each_body() -> None:
    submission, _ = read(lines(Format.NINJS)[0], Format.NINJS)
    assert submission.text
    assert submission.html
    assert submission.html.startswith("<div>")
    assert submission.authors == ("Ada Lune", "Per Falk")
    assert str(submission.published_at) == "2026-01-17 08:02:00+00:00"
    assert str(submission.modified_at) == "2026-01-17 09:41:00+01:00"
    assert submission.keywords == ("environment", "energy")
    assert submission.external_id == "http://wire.example/items/2026/0117-a"


def test_ninjs_2_takes_the_main_headline_and_leaves_other_markup_where_it_is() -> None:
    submission, _ = read(lines(Format.NINJS)[1], Format.NINJS)
    assert submission.title == "Getijdencentrale komt er"
    assert submission.source_domain == "wire.example"
    bodies: Any = submission.extra["bodies"]
    assert ["value" in body for body in bodies] == [True, False, False]
    assert str(submission.published_at) == "2026-01-18 11:00:00+01:00"
    assert submission.modified_at is None


def test_ninjs_3_writes_names_in_camel_case() -> None:
    submission, _ = read(lines(Format.NINJS)[2], Format.NINJS)
    assert submission.title == "Turbines reach the Thornton bank"
    assert submission.image_url == "https://wire.example/img/0119.jpg"
    assert (submission.source_name, submission.license) == ("Coast Wire", "For subscribers")
    assert str(submission.modified_at) == "2026-01-19 07:30:00+00:00"


@pytest.mark.parametrize(
    ("language", "byline", "authors"),
    [
        ("en-US", "By Ada Lune and Per Falk", ("Ada Lune", "Per Falk")),
        ("de", "Von Jette Harms und Ole Sand, dpa", ("Jette Harms", "Ole Sand")),
        ("en", "Von Harmsen, dpa", ("Von Harmsen",)),
        ("fr", "Par Luc Andrieux", ("Luc Andrieux",)),
        ("en", "Lune, Ada", ("Lune, Ada",)),
    ],
)
def test_a_byline_of_an_agency_is_read_in_its_language(language: str, byline: str, authors: tuple[str, ...]) -> None:
    item = {"uri": "tag:a.example,2026:1", "by": byline, "language": language, "copyrightHolder": "dpa"}
    submission, _ = read(item | {"bodies": [{"value": "Words."}]}, Format.NINJS)
    assert submission.authors == authors


def test_an_entry_of_a_feed_keeps_its_zone_and_prefers_content_to_summary() -> None:
    submission, warnings = read(lines(Format.RSS)[0], Format.RSS)
    assert submission.published_at is not None
    assert submission.published_at.isoformat() == "2026-03-14T01:30:00-05:00"
    assert submission.html
    assert submission.description == "The ferry sails again, with a new engine."
    assert submission.image_url == "https://www.skarvikpost.example/images/ferry.jpg"
    assert submission.authors == ("Ingrid Solheim", "Tomás Ferreira")
    assert not warnings


def test_a_name_that_feedparser_cut_in_half_is_read_from_the_whole() -> None:
    line = lines(Format.RSS)[1]
    assert json.loads(line)["authors"][0]["name"] == "ple (News desk"
    submission, warnings = read(line, Format.RSS)
    assert submission.authors == ("News desk",)
    assert noted(warnings) == [("published_at", "unreadable")]


def test_an_entry_without_link_is_known_by_its_guid() -> None:
    submission, _ = read(lines(Format.RSS)[2], Format.RSS)
    assert (submission.url, submission.external_id) == (None, "skarvik-4712")


def test_a_zone_that_only_feedparser_knows_is_taken_from_its_parsed_time() -> None:
    entry = {"summary": "Words.", "published": "noonish", "published_parsed": [2026, 1, 2, 3, 4, 5, 4, 2, 0]}
    submission, warnings = read(entry, Format.RSS)
    assert str(submission.published_at) == "2026-01-02 03:04:05+00:00"
    assert not warnings


def test_an_error_names_the_field_that_was_sent() -> None:
    with pytest.raises(Refused) as refused:
        read({"maintext": 7, "url": "https://a.example/1"}, Format.NEWS_PLEASE)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/maintext", "string_type")]


def test_more_extra_than_fits_costs_its_largest_fields_and_not_the_article() -> None:
    document = {"text": "Words.", "comments": "c" * MAX_EXTRA_BYTES, "fingerprint": "f"}
    submission, warnings = read(document, Format.TRAFILATURA)
    assert submission.extra == {"fingerprint": "f"}
    assert noted(warnings) == [("extra", "shortened")]


def test_a_submission_of_our_own_is_recognised_too() -> None:
    submission, _, found = read_foreign(b'{"url": "https://a.example/1", "text": "Words."}', Format.AUTO)
    assert found is Format.DATELINE
    assert submission.text == "Words."


@pytest.mark.parametrize("line", [b"7", b'"text"', b"null", b"[]", b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff"])
@pytest.mark.parametrize("written_in", [*FOREIGN, Format.AUTO])
def test_what_is_no_article_is_refused(line: bytes, written_in: Format) -> None:
    with pytest.raises(Refused):
        read_foreign(line, written_in)


NAMES = sorted(
    {"@type", "@graph", "@id", "author", "body_text", "uri", "content", "links", "published_parsed", "identifier"}
    | {name for found in FOREIGN for line in lines(found) for name in json.loads(line) if isinstance(name, str)}
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["NewsArticle", "<p>x</p>", "None"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@hypothesis_settings(max_examples=300, deadline=None)
@given(document=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8), written_in=st.sampled_from(FOREIGN))
def test_no_document_breaks_an_adapter(document: dict[str, Any], written_in: Format) -> None:
    detect(document)
    try:
        adapted = adapt(document, written_in)
    except NoArticle:
        return
    assert set(adapted.fields) <= set(Submission.model_fields)
    assert set(adapted.origins) <= set(adapted.fields)
