"""Our own articles with every place marked: how answers are compared with them, and what the stage reaches on them."""

import pytest

from benchmarks.gold_places import GATES, HALVES, Gold, measure, read_articles
from benchmarks.report import Report
from schemas import Place, PlaceKind


def place(
    kind: PlaceKind, country: str, *, at: tuple[float, float] = (38.0, -85.0), admin1: str | None = None
) -> Place:
    return Place(
        geoname_id=1,
        name="X",
        kind=kind,
        latitude=at[0],
        longitude=at[1],
        country_code=country,
        admin1_code=admin1,
        mentions=(),
        confidence=0.5,
    )


def test_every_mark_stands_in_its_text_and_halves_are_alike() -> None:
    articles = list(read_articles())
    assert [sum(article.half == half for article in articles) for half in HALVES] == [31, 31, 24, 24, 24]
    assert len({article.name for article in articles}) == len(articles)
    assert all(50 <= len(article.text.split()) <= 220 for article in articles)
    assert not [article.name for article in articles if set("[]=") & set(article.text)]
    marked = [article.text[gold.start : gold.end] for article in articles for gold in article.golds]
    assert len(marked) > 1_200
    assert all(surface == surface.strip() and surface for surface in marked)


def test_the_city_that_an_article_is_about_is_one_of_its_marks() -> None:
    for article in read_articles():
        marks = {article.text[gold.start : gold.end].lower() for gold in article.golds}
        assert article.city is None or article.city.lower() in marks, article.name


@pytest.mark.parametrize(
    ("value", "answer", "agrees"),
    [
        ("US", place(PlaceKind.COUNTRY, "US"), True),
        ("US", place(PlaceKind.CITY, "US"), False),
        ("US.KY", place(PlaceKind.ADMIN1, "US", admin1="US.KY"), True),
        ("US.KY", place(PlaceKind.CITY, "US", admin1="US.KY"), False),
        ("38.1,-85.1", place(PlaceKind.CITY, "US"), True),
        ("39.0,-85.0", place(PlaceKind.CITY, "US"), False),
        ("39.0,-85.0,150", place(PlaceKind.REGION, "US"), True),
    ],
)
def test_an_answer_has_to_be_the_same_unit_or_a_point_that_is_near(value: str, answer: Place, *, agrees: bool) -> None:
    assert Gold(0, 1, value, optional=False).means(answer) is agrees


def test_the_stage_reaches_its_gates_on_all_halves() -> None:
    assert Report("geotag_gold", measure(list(read_articles())), GATES).failed() == []
