"""A small gold set in our own words: whole articles in which every name has to be right."""

import json
from pathlib import Path
from typing import Any

import pytest
from geotag_articles import clean_text, mark

from tasks.geotag import Decision, read, shipped_gazetteer

ARTICLES = json.loads(Path(__file__).with_name("gold_articles.json").read_text())


def decisions(text: str, **names: list[str]) -> dict[str, Decision]:
    clean = clean_text(text)
    return {decision.spots[0].text: decision for decision in read(clean, mark(clean, **names), shipped_gazetteer())}


@pytest.mark.parametrize("gold", ARTICLES, ids=[article["text"][:30] for article in ARTICLES])
def test_every_name_of_the_gold_set_is_resolved_to_its_kind_and_country(gold: dict[str, Any]) -> None:
    found = decisions(gold["text"], LOC=gold["LOC"], FAC=gold.get("FAC", []))
    places = {name: found[name].place for name in gold["gold"]}
    assert {name: place and [place.kind.value, place.country] for name, place in places.items()} == gold["gold"]


def test_a_landform_in_kenya_is_no_city_in_nigeria() -> None:
    for name in ("Kano plains", "Kano Valley"):
        found = decisions(f"Farms on the {name} near Kisumu, Kenya, flooded.", LOC=[name, "Kisumu", "Kenya"])
        assert (found[name].place, found[name].reason) == (None, "unlikely")


def test_a_street_named_after_a_town_abroad_does_not_lead_there() -> None:
    found = decisions("A fire on Dublin Road in Boston, Massachusetts.", LOC=["Dublin", "Boston", "Massachusetts"])
    place = found["Dublin"].place
    assert place is None or place.country == "US"


def test_a_hamlet_called_like_a_common_word_is_never_sure() -> None:
    found = decisions("Chestnut and Roman met in Ohio.", LOC=["Chestnut", "Roman", "Ohio"])
    sure = [one.confidence for one in (found["Chestnut"], found["Roman"]) if one.place is not None]
    assert max(sure, default=0.0) < 0.7


def test_a_common_word_with_a_qualifier_is_a_town() -> None:
    found = decisions("She grew up in Hope, Arkansas.", LOC=["Hope", "Arkansas"])
    assert found["Hope"].place is not None
    assert found["Hope"].place.admin1_code == "US.AR"
    assert found["Hope"].confidence > 0.9


def test_a_district_that_has_only_its_provinces_point_says_so() -> None:
    found = decisions("Rain in Darrehshahr and in Kaufman County.", LOC=["Darrehshahr", "Kaufman County"])
    assert "approximate_point" in found["Darrehshahr"].evidence
    assert "approximate_point" not in found["Kaufman County"].evidence
