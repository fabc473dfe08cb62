import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from dateline_client import FIELDS, VERSION
from dateline_client._article import to_line

from schemas import VERSION as SERVER
from schemas import Submission


def sent(article: Any, *, foreign: bool = False) -> Any:
    line = to_line(article, foreign=foreign)
    assert b"\n" not in line
    return json.loads(line)


def test_the_client_knows_every_field_of_a_submission() -> None:
    assert frozenset(Submission.model_fields) == FIELDS


def test_the_client_has_the_version_of_the_service() -> None:
    assert VERSION == SERVER


def test_other_fields_go_under_extra_beside_what_is_there() -> None:
    assert sent({"text": "a\nb", "crawl": 7, "extra": {"depth": 2}}) == {
        "text": "a\nb",
        "extra": {"depth": 2, "crawl": 7},
    }


def test_in_another_format_no_field_is_moved() -> None:
    assert sent({"maintext": "a", "crawl": 7}, foreign=True) == {"maintext": "a", "crawl": 7}


def test_values_that_json_has_no_form_for_are_sent_as_text() -> None:
    article = {
        "published_at": datetime(2026, 1, 2, 3, tzinfo=UTC),
        "keywords": {"b", "a"},
        "extra": {"day": date(2026, 1, 2), "raw": b"x\xff", "score": float("nan"), "more": [float("inf"), 1.5]},
    }
    assert sent(article) == {
        "published_at": "2026-01-02T03:00:00+00:00",
        "keywords": ["a", "b"],
        "extra": {"day": "2026-01-02", "raw": "x\ufffd", "score": None, "more": [None, 1.5]},
    }


def test_objects_inside_an_article_are_sent_in_their_plainest_form() -> None:
    @dataclass
    class Desk:
        name: str

    extra = {"desk": Desk("City"), "meta": MappingProxyType({"a": 1}), "file": Path("a/b"), "tags": ("x", "y")}
    assert sent({"text": "Words.", "extra": extra})["extra"] == {
        "desk": {"name": "City"},
        "meta": {"a": 1},
        "file": "a/b",
        "tags": ["x", "y"],
    }


def test_an_extra_that_is_no_mapping_is_kept() -> None:
    assert sent({"text": "Words.", "extra": "note", "depth": 1})["extra"] == {"extra": "note", "depth": 1}


def test_half_a_surrogate_pair_does_not_cost_the_article() -> None:
    assert sent({"text": "broken \ud800 text"}) == {"text": "broken ? text"}


def test_a_dataclass_is_an_article_too() -> None:
    @dataclass
    class Story:
        text: str
        paper: str

    assert sent(Story("Words.", "Post")) == {"text": "Words.", "extra": {"paper": "Post"}}


@pytest.mark.parametrize("article", ["text", 7, None, ["text"]])
def test_anything_else_is_refused_at_once(article: Any) -> None:
    with pytest.raises(TypeError, match="a mapping or a dataclass"):
        to_line(article, foreign=False)
