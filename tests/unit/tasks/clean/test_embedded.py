"""Stories that a page holds as data only."""

import json

import pytest
from lxml.html import document_fromstring

from schemas import Submission
from tasks.clean._cleaning import clean
from tasks.clean._embedded import read_embedded

FIRST = (
    "The city closed the bridge to all traffic on Thursday after divers found that the river had washed out the bed "
    "beneath two of its piers, the mayor said."
)
SECOND = (
    "Buses were running forty minutes late by five in the afternoon, and a man stood in front of his empty restaurant "
    "and counted the people who walked past it until he got to nine."
)
SHELL = (
    "<html><head><title>Bridge shut after divers find holes</title></head>"
    '<body><div id="app">Loading…</div>{}</body></html>'
)


def page(document: object, kind: str = "application/json") -> str:
    return SHELL.format(f'<script type="{kind}">{json.dumps(document)}</script>')


BODIES: list[object] = [
    f"<p>{FIRST}</p><p>{SECOND}</p>",
    f"{FIRST}\n\n{SECOND}",
    [{"type": "paragraph", "text": FIRST}, {"type": "image", "url": "x.jpg"}, {"type": "paragraph", "text": SECOND}],
    [{"kind": "html", "html": f"<p>{FIRST}</p>"}, f"<p>{SECOND}</p>"],
]


@pytest.mark.parametrize("body", BODIES)
def test_a_page_that_a_browser_builds_has_its_story_from_its_data(body: object) -> None:
    story: dict[str, object] = {
        "headline": "Bridge shut",
        "authors": [{"name": "Leah Roe"}],
        "publishedAt": "2026-06-11T15:05:00-06:00",
        "body": body,
    }
    found = clean(Submission(html=page({"props": {"nav": [{"label": "News"}], "story": story}})))
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert found.authors == ("Leah Roe",)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-06-11T15:05:00-06:00"


def test_the_body_of_json_ld_is_read_where_the_page_shows_nothing() -> None:
    data = {"@type": "NewsArticle", "headline": "Bridge shut", "articleBody": f"{FIRST}\n{SECOND}"}
    found = clean(Submission(html=page(data, "application/ld+json")))
    assert found.text == f"{FIRST}\n\n{SECOND}"


def test_what_a_page_shows_is_not_replaced_by_a_shortened_copy_in_its_data() -> None:
    shown = "".join(
        f"<p>{FIRST}</p><p>{SECOND}</p><p>{number} people came to see it for themselves.</p>" for number in "12"
    )
    html = page({"articleBody": FIRST * 3}).replace("Loading…", shown)
    assert "people came to see it" in clean(Submission(html=html)).text


@pytest.mark.parametrize("document", [{"body": "Too short."}, {"label": FIRST * 9}, [[[]]], "text", None])
def test_data_without_a_story_is_none(document: object) -> None:
    assert read_embedded(document_fromstring(page(document))) is None


def test_broken_data_harms_nothing() -> None:
    html = SHELL.format('<script type="application/json">{"body": "<p>cut off</script>')
    assert read_embedded(document_fromstring(html)) is None


def test_deep_markup_in_data_is_read_without_recursion() -> None:
    body = "<div>" * 2_000 + f"<p>{FIRST}</p><p>{SECOND}</p>" + "</div>" * 2_000
    found = read_embedded(document_fromstring(page({"body": body})))
    assert found is None or FIRST in found.text
