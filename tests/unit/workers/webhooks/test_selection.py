import json
from typing import Any

import pytest

from schemas import FeedEntry, Result, WebhookFilter
from workers.webhooks._selection import wants_entry, wants_result

AT = "2026-11-12T08:00:00Z"
_STORY = {"story_id": "s1", "merged_stories": ["s0"]}
_SPAN = {"start": 0, "end": 4, "text": "Riga"}


def entry(**fields: Any) -> FeedEntry:
    known = {"cursor": "1-0", "article_id": "a", "revision": 1, "outcome": "done", "finished_at": AT}
    return FeedEntry.model_validate(
        known | _STORY | {"source": "a.example", "language": "en", "relation": "original"} | fields
    )


def wanted(**fields: Any) -> WebhookFilter:
    return WebhookFilter.model_validate_json(json.dumps(fields))


def result(outcome: str = "done") -> Result:
    place = {
        "geoname_id": 456172, "name": "Riga", "kind": "city", "latitude": 56.9, "longitude": 24.1,
        "country_code": "LV", "mentions": [_SPAN | {"confidence": 0.9}], "confidence": 0.9,
    }  # fmt: skip
    bank = {
        "id": "org:latvijas banka", "label": "ORG", "name": "Latvijas Banka", "mentions": [_SPAN], "count": 1,
        "salience": 0.5,
    }  # fmt: skip
    duplicates = {
        "relation": "original", "canonical_id": "a", "cluster_id": "c1", "score": 0, "jaccard": 0, "index_version": 1,
    }  # fmt: skip
    return Result.model_validate(
        {
            "id": "a", "revision": 1, "latest_revision": 1, "lane": "live", "trace_id": "t", "accepted_at": AT,
            "outcome": outcome, "finished_at": AT, "cursor": "1-0", "geotags": {"places": [place]},
            "entities": {"entities": [bank]}, "duplicates": duplicates,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"types": ["dateline.article.processed"]}, True),
        ({"types": ["dateline.article.updated"]}, False),
        ({"sources": ["b.example", "a.example"]}, True),
        ({"sources": ["WWW.A.example"]}, True),
        ({"sources": ["b.example"]}, False),
        ({"languages": ["de"]}, False),
        ({"sources": ["a.example"], "languages": ["de"]}, False),
        ({"originals": True}, True),
        ({"stories": ["s1"]}, True),
        ({"stories": ["s0"]}, True),
        ({"stories": ["s2"]}, False),
        ({"types": ["dateline.story.merged"]}, True),
    ],
)
def test_the_entry_is_held_against_the_filter(fields: dict[str, Any], *, fits: bool) -> None:
    assert wants_entry(wanted(**fields), entry()) is fits


@pytest.mark.parametrize("relation", ["exact", "near", "contained_in"])
def test_copies_are_no_originals(relation: str) -> None:
    assert not wants_entry(wanted(originals=True), entry(relation=relation))


@pytest.mark.parametrize("outcome", ["withdrawn", "quarantined"])
def test_what_is_not_known_of_an_article_keeps_no_tombstone_back(outcome: str) -> None:
    bare = entry(outcome=outcome, language=None, relation=None, story_id=None)
    assert wants_entry(wanted(languages=["en"], originals=True), bare)
    assert not wants_entry(wanted(sources=["b.example"]), bare)
    assert wants_result(wanted(countries=["US"]), result(outcome))


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"countries": ["EE", "LV"]}, True),
        ({"countries": ["EE"]}, False),
        ({"places": [456172]}, True),
        ({"places": [1]}, False),
        ({"entities": [{"name": "LATVIJAS banka"}]}, True),
        ({"entities": [{"name": "Latvijas Banka", "label": "ORG"}]}, True),
        ({"entities": [{"name": "Latvijas Banka", "label": "PERSON"}]}, False),
        ({"entities": [{"name": "org:latvijas banka"}]}, True),
        ({"entities": [{"name": "Banka"}]}, False),
        ({"countries": ["LV"], "entities": [{"name": "Eesti Pank"}]}, False),
    ],
)
def test_the_result_is_held_against_the_filter(fields: dict[str, Any], *, fits: bool) -> None:
    assert wants_result(wanted(**fields), result()) is fits


def test_a_result_without_its_parts_fits_no_condition_on_them() -> None:
    bare = result().model_copy(update={"geotags": None, "entities": None, "duplicates": None})
    for fields in ({"countries": ["LV"]}, {"places": [456172]}, {"entities": [{"name": "x"}]}):
        assert not wants_result(wanted(**fields), bare)
