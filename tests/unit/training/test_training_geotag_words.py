"""Which names of towns are mostly something else."""

from tasks.geotag import shipped_gazetteer
from training.geotag.words import rarely_places


def document(text: str, *places: str) -> dict[str, object]:
    return {"text": text, "ents": [[text.index(place), text.index(place) + len(place), "LOC"] for place in places]}


def test_a_word_that_is_hardly_ever_part_of_a_place_is_found() -> None:
    documents = [document("God: real Paris", "Paris")] * 5
    assert rarely_places(documents, shipped_gazetteer()) == ["god", "real"]


def test_a_word_that_was_seen_rarely_is_left_alone() -> None:
    assert rarely_places([document("God: real")] * 4, shipped_gazetteer()) == []
