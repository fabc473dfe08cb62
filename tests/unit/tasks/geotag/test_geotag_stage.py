from dataclasses import replace
from pathlib import Path

import pytest
from geotag_articles import article, clean_text, mark, write_gazetteer

from schemas import Entities, Geotags, Part, PlaceKind, StageName
from tasks.geotag import GeotagStage, shipped_weights
from tasks.stage import Failed, Skipped, Stage, StageInput


@pytest.fixture
def stage(tmp_path: Path) -> Stage[Geotags]:
    return GeotagStage(write_gazetteer(tmp_path / "gazetteer.sqlite"))


def geotags(stage: Stage[Geotags], one: StageInput) -> Geotags:
    (answer,) = stage.run([one])
    assert isinstance(answer, Geotags), answer
    return answer


def about(text: str, title: str | None = None, source: str | None = None, **names: list[str]) -> StageInput:
    clean = clean_text(text, title)
    return article(clean, mark(clean, **names), source)


def test_it_names_itself_its_inputs_and_its_gazetteer(stage: Stage[Geotags]) -> None:
    assert stage.name is StageName.GEOTAG
    assert stage.version >= 1
    assert tuple(stage.inputs) == ("clean", "entities", "memory")
    assert stage.artefacts == {"gazetteer": "test", "ranking": shipped_weights().version}


def test_an_article_without_places_is_done_and_empty(stage: Stage[Geotags]) -> None:
    assert geotags(stage, article(clean_text("Nothing here."), Entities())) == Geotags(gazetteer="test")


def test_an_article_whose_entities_were_skipped_is_skipped(stage: Stage[Geotags]) -> None:
    assert stage.run([article(clean_text("Bonjour."), None)]) == [Skipped("entities")]


def test_an_article_that_was_not_cleaned_is_skipped(stage: Stage[Geotags]) -> None:
    assert stage.run([article(None, Entities())]) == [Skipped("clean")]


def test_one_failure_leaves_its_neighbours_alone(stage: Stage[Geotags], monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.geotag import stage as module

    real = module.prepare

    def failing(clean, *rest):  # noqa: ANN001, ANN002, ANN202
        if "poison" in clean.text:
            raise ZeroDivisionError
        return real(clean, *rest)

    monkeypatch.setattr(module, "prepare", failing)
    good = about("Rain in Sylvania.", LOC=["Sylvania"])
    bad = about("poison in Sylvania.", LOC=["Sylvania"])
    first, second, third = stage.run([good, bad, good])
    assert isinstance(second, Failed)
    assert first == third
    assert isinstance(first, Geotags)


def test_the_same_article_gives_the_same_answer_alone_and_in_a_batch(stage: Stage[Geotags]) -> None:
    one = about("Springfield, Ogdenville and Capital City.", LOC=["Springfield", "Ogdenville", "Capital City"])
    other = about("Sylvania and Springfield.", LOC=["Sylvania", "Springfield"])
    assert stage.run([one, other, one])[0] == stage.run([one])[0]


def test_a_place_carries_its_division_country_and_evidence(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("In Ogdenville, North State.", LOC=["Ogdenville", "North State"]))
    ogdenville = found.places[0]
    assert (ogdenville.geoname_id, ogdenville.kind, ogdenville.country_code) == (8, PlaceKind.CITY, "FR")
    assert (ogdenville.admin1_code, ogdenville.admin1_name, ogdenville.population) == ("FR.N", "North State", 40_000)
    assert ogdenville.evidence
    assert 0.9 < ogdenville.confidence <= 1


def test_two_names_of_one_place_are_one_place(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("North State, known as N.S., borders Sylvania.", LOC=["North State", "N.S."]))
    assert [[mention.text for mention in place.mentions] for place in found.places] == [["North State", "N.S."]]


def test_places_come_in_order_of_first_mention_title_first(stage: Stage[Geotags]) -> None:
    one = about("Sylvania and Freedonia.", title="Freedonia at war", LOC=["Sylvania", "Freedonia"])
    found = geotags(stage, one)
    assert [place.name for place in found.places] == ["Freedonia", "Sylvania"]
    assert [mention.part for mention in found.places[0].mentions] == [Part.TITLE, Part.TEXT]


def test_context_moves_a_name_away_from_its_largest_namesake(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("Springfield and Ogdenville.", LOC=["Springfield", "Ogdenville"]))
    assert found.places[0].geoname_id == 5
    assert {"country_context", "admin1_context", "near_other_places"} & set(found.places[0].evidence)


def test_without_any_context_the_largest_namesake_is_taken_with_little_confidence(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("Springfield.", LOC=["Springfield"]))
    assert found.places[0].geoname_id == 7
    assert found.places[0].confidence < 0.9
    assert found.places[0].evidence == ("population",)


def test_the_outlets_country_speaks_for_its_own_places(stage: Stage[Geotags]) -> None:
    alone = geotags(stage, about("Springfield.", LOC=["Springfield"]))
    home = geotags(stage, about("Springfield.", source="news.example.sy", LOC=["Springfield"]))
    assert home.places[0].confidence > alone.places[0].confidence
    assert "source_country" in home.places[0].evidence


def test_a_name_that_nobody_knows_is_unresolved_and_not_guessed(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("In Zubrowka and Sylvania.", LOC=["Zubrowka", "Sylvania"]))
    assert [(one.name, one.reason) for one in found.unresolved] == [("Zubrowka", "not_known")]
    assert [place.name for place in found.places] == ["Sylvania"]


def _abstain_below(threshold: float, monkeypatch: pytest.MonkeyPatch) -> None:
    stricter = replace(shipped_weights(), abstain_below=threshold)
    monkeypatch.setattr("tasks.geotag.stage.shipped_weights", lambda: stricter)


def test_too_close_a_choice_is_not_guessed(stage: Stage[Geotags], monkeypatch: pytest.MonkeyPatch) -> None:
    _abstain_below(0.99, monkeypatch)
    found = geotags(stage, about("Springfield.", LOC=["Springfield"]))
    assert found.places == ()
    assert found.unresolved[0].reason == "ambiguous"


def test_a_hamlet_with_nothing_but_its_name_to_speak_for_it_is_not_taken_for_sure(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("Freedonia and Rook.", LOC=["Rook", "Freedonia"]))
    assert found.places[-1].name == "Rook"
    assert found.places[-1].confidence < 0.5


def test_a_hamlet_that_is_less_likely_than_none_is_not_guessed(
    stage: Stage[Geotags], monkeypatch: pytest.MonkeyPatch
) -> None:
    _abstain_below(0.45, monkeypatch)
    found = geotags(stage, about("Freedonia and Rook.", LOC=["Rook", "Freedonia"]))
    assert [(one.name, one.reason) for one in found.unresolved] == [("Rook", "unlikely")]


def test_words_that_are_no_toponyms_are_not_reported(stage: Stage[Geotags]) -> None:
    assert geotags(stage, about("Western allies.", LOC=["Western"])) == Geotags(gazetteer="test")


def test_names_past_the_limit_are_unresolved(stage: Stage[Geotags], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.geotag._reading.MAX_GROUPS", 1)
    found = geotags(stage, about("Sylvania, then Freedonia.", LOC=["Sylvania", "Freedonia"]))
    assert [place.name for place in found.places] == ["Sylvania"]
    assert found.unresolved[0].reason == "too_many_names"


def test_demonyms_count_for_the_focus_and_make_no_place(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("Freedonian troops.", NORP=["Freedonian"]))
    assert found.places == ()
    assert [(area.geoname_id, area.score) for area in found.focus.countries] == [(1, 1.0)]


def test_the_title_weighs_more_for_the_focus(stage: Stage[Geotags]) -> None:
    text = "Sylvania said so. Sylvania again."
    found = geotags(stage, about(text, title="Freedonia votes", LOC=["Sylvania", "Freedonia"]))
    scores = {area.name: area.score for area in found.focus.countries}
    assert scores["Freedonia"] == pytest.approx(scores["Sylvania"], abs=0.01)


def test_focus_goes_from_cities_to_divisions_and_countries(stage: Stage[Geotags]) -> None:
    text = "Ogdenville, Ogdenville and Springfield, North State. Sylvania."
    found = geotags(stage, about(text, LOC=["Ogdenville", "Springfield", "North State", "Sylvania"]))
    assert [area.name for area in found.focus.countries] == ["Freedonia", "Sylvania"]
    assert [area.name for area in found.focus.regions] == ["North State"]
    assert [area.name for area in found.focus.cities] == ["Ogdenville", "Springfield"]
    assert sum(area.score for area in found.focus.cities) == pytest.approx(1, abs=0.01)


def test_seas_have_no_country(stage: Stage[Geotags]) -> None:
    found = geotags(stage, about("Across the Great Sea.", LOC=["Great Sea"]))
    assert found.places[0].kind is PlaceKind.WATER
    assert found.places[0].country_code is None
    assert found.focus.countries == ()


def test_a_thousand_names_stay_bounded(stage: Stage[Geotags]) -> None:
    words = [f"Name{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{n}" for n in range(800)]
    text = " and ".join(["Springfield", *words, "Ogdenville"])
    found = geotags(stage, about(text, LOC=["Springfield", *words, "Ogdenville"]))
    assert len(found.places) + len(found.unresolved) == 802


def test_what_is_no_article_is_skipped_and_the_record_says_why(stage: Stage[Geotags]) -> None:
    clean = clean_text("Oslo")
    listing = clean.model_copy(update={"quality": clean.quality.model_copy(update={"listing": True})})
    assert stage.run([article(listing, None)]) == [Skipped("listing")]
