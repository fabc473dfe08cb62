"""Scenes: when and where exactly something happened, as a text says it, and how two of them are compared."""

from datetime import UTC, datetime

import pytest

from schemas import CleanText, Form, Quality
from tasks.dedupe._scene import (
    DATED_SCENE_EVIDENCE,
    UNDATED_SCENE_EVIDENCE,
    Scene,
    dated_scene_evidence,
    pack_scene,
    scene_of,
    scene_size,
    undated_scene_evidence,
    unpack_scene,
)
from tasks.dedupe._story_terms import Reading, scene_in, terms_of

TUESDAY = datetime(2026, 3, 3, 12, tzinfo=UTC)
TODAY = int(TUESDAY.timestamp()) // 86_400


def english(text: str) -> Scene:
    return scene_of(text, (), english=True)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("It happened around 9:30 p.m. on Main.", (21 * 60 + 30,)),
        ("shortly after 12 a.m. and again at 12:05 pm", (0, 12 * 60 + 5)),
        ("just before 8PM", (20 * 60,)),
        ("at 7.15am", (7 * 60 + 15,)),
        ("about noon, and before midnight", (720, 0)),
        ("Posted: 5:16 AM EST, on air at 8 p.m. ET, updated 4:16 PM (CDT)", ()),
        ("at 13 p.m., at 9:75 pm, 2 pmol, 5 amps", ()),
        ("9:30 p.m. 9:30 p.m.", (21 * 60 + 30,)),
    ],
)
def test_times_of_day_are_read_in_english(text: str, minutes: tuple[int, ...]) -> None:
    assert english(text).clocks == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Gegen 21.30 Uhr brannte es, um 22:05 war es gelöscht.", (21 * 60 + 30, 22 * 60 + 5)),
        ("vers 18h45", (18 * 60 + 45,)),
        ("Das Spiel endete 27:25, Nummer 10:20:30, am 3.12.2025", ()),
    ],
)
def test_times_of_day_are_read_in_other_languages(text: str, minutes: tuple[int, ...]) -> None:
    assert scene_of(text, (), english=False).clocks == minutes


@pytest.mark.parametrize(
    "other",
    [
        "on North Butler Avenue",
        "in the 3900 block of N. Butler",
        "in the 3900-block of Butler Ave.",
        "at Butler and Lincoln streets".replace("streets", "Streets"),
        "near 3912 Butler Ave",
    ],
)
def test_a_street_is_the_same_however_it_is_written(other: str) -> None:
    assert english("Shots were fired on Butler Street.").streets[0] in english(other).streets


def test_courts_and_directions_are_no_streets() -> None:
    text = "The Supreme Court and the County Court met at the North Place; Cook County Circuit Court did not."
    assert english(text).streets == ()


def test_roads_with_numbers_are_streets() -> None:
    assert english("on I-95 near Exit 12").streets == english("on Interstate 95, at Exit 12").streets
    assert len(english("on I-95 near Exit 12").streets) == 2


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("in der Lindenstraße 4", "an der Lindenstrasse"),
        ("rue de la Paix", "Rue Paix"),
        ("calle de Alcalá", "Calle Alcalá"),
    ],
)
def test_streets_are_read_in_other_languages(one: str, same: str) -> None:
    first, second = (scene_of(text, (), english=False).streets for text in (one, same))
    assert first
    assert first == second


def test_numbers_of_blocks_and_houses_are_read() -> None:
    text = "in the 1200 block of West Main Street, at 1234 W. Main St., where 300 people live; 99999 block of Oak"
    assert english(text).numbers == (1200, 1234)


@pytest.mark.parametrize(
    "text", ["", "\x00", "9" * 10_000, "p.m. " * 5_000, "Main Street and " * 2_000, "٣:٤٥ p.m.", "\ud800"]
)
def test_no_text_breaks_a_scene(text: str) -> None:
    for scene in (english(text), scene_of(text, (-5, 10**9), english=False)):
        assert unpack_scene(pack_scene(scene)) == scene
        assert len(pack_scene(scene)) <= 64


def test_a_scene_survives_packing_and_what_stands_behind_it_is_left() -> None:
    scene = Scene(days=(TODAY, 0), clocks=(0, 1_439), streets=(65_535,), numbers=(12,))
    packed = pack_scene(scene)
    assert unpack_scene(packed + b"terms") == scene
    assert scene_size(packed + b"terms") == len(packed)
    assert unpack_scene(packed[:-1]) == unpack_scene(b"") == Scene()


def test_days_to_come_are_another_event() -> None:
    text = "He was shot on Monday; the trial begins on March 20, 2026. Nobody was shot on March 1."
    scene = told(text, TUESDAY)
    assert scene.days == (TODAY - 1, TODAY - 2)


def test_without_a_date_an_article_speaks_of_no_days() -> None:
    scene = told("He was shot on Monday at 9 p.m.", None)
    assert (scene.days, scene.clocks) == ((), (1_260,))


def test_a_body_that_is_not_read_tells_no_scene() -> None:
    assert told("On Monday at 9 p.m. on Main Street", TUESDAY, title_only=True) == Scene()


def told(text: str, published: datetime | None, *, title_only: bool = False) -> Scene:
    clean = CleanText(title="Man shot", text=text, language="en", form=Form.TEXT, quality=Quality(words=9))
    reading = Reading(clean)
    said = terms_of(reading, published, title_only=title_only)
    return scene_in(reading, said, published, title_only=title_only)


def compared(own: Scene, other: Scene, apart: int = 0) -> dict[str, float]:
    undated, dated = undated_scene_evidence(own, other), dated_scene_evidence(own, other, (TODAY, TODAY - apart))
    names = (*UNDATED_SCENE_EVIDENCE, *DATED_SCENE_EVIDENCE)
    return dict(zip(names, (*undated, *dated), strict=True))


def test_scenes_are_compared_in_either_order() -> None:
    one = Scene(days=(TODAY - 1, TODAY - 9), clocks=(1_435,), streets=(1, 2), numbers=(5,))
    two = Scene(days=(TODAY - 2,), clocks=(5, 700), streets=(2,), numbers=(6,))
    facts = compared(one, two)
    assert facts == compared(two, one)
    assert (facts["streets_shared"], facts["streets_differ"]) == (1, 0)
    assert (facts["house_numbers_shared"], facts["house_numbers_differ"]) == (0, 1)
    assert facts["clocks_apart"] == pytest.approx(2.398, abs=0.001)  # ten minutes, across midnight
    assert facts["day_apart"] == pytest.approx(0.693, abs=0.001)  # one day


def test_an_article_that_speaks_of_the_day_of_the_other_is_known_by_it() -> None:
    later, earlier = Scene(days=(TODAY - 30,)), Scene()
    assert compared(later, earlier, apart=30)["day_of_other"] == 0
    assert compared(later, earlier, apart=5)["day_of_other"] > 3


def test_what_one_article_does_not_tell_is_no_disagreement() -> None:
    facts = compared(Scene(clocks=(60,), streets=(1,), numbers=(2,)), Scene())
    assert not any(facts[name] for name in UNDATED_SCENE_EVIDENCE if name != "clocks_apart")
