"""From plain text to place ids: the shipped recognizer and the resolver together."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.geotag_corpora import NEAR_KM, Document, input_of, kilometres, ref_of
from schemas import Entities, Focus, Geotags, Place, PlaceMention, Ref
from store import SourceMemory
from tasks.entities import EntitiesStage
from tasks.geotag import Gazetteer, GeotagStage, name_key
from tasks.stage import Failed, StageInput

BATCH = 32
CLEAR_SHARE = 0.6
"""Share of an article's gold places that makes a country the one that it is about."""


@dataclass(slots=True)
class RawScore:
    """Counts over gold mentions that have an id and are no demonyms, and over the mentions that were emitted."""

    gold: int = 0
    found: int = 0
    """Gold mentions on which a place was emitted."""
    exact: int = 0
    near: int = 0
    emitted: int = 0
    emitted_exact: int = 0
    """An emitted mention without a gold mention counts as wrong; one on a gold mention without an id is left out."""

    def metrics(self, name: str) -> dict[str, float]:
        """Named as the reports name them."""
        return {
            f"{name}_em": self.exact / self.gold,
            f"{name}_a161": self.near / self.gold,
            f"{name}_recall": self.found / self.gold,
            f"{name}_precision": self.emitted_exact / max(1, self.emitted),
        }


def recognized(corpus: Sequence[Document]) -> dict[str, Entities]:
    """What the entities stage as it ships finds in each document."""
    stage, found = EntitiesStage(), dict[str, Entities]()
    for at in range(0, len(corpus), BATCH):
        batch = corpus[at : at + BATCH]
        outputs = stage.run([input_of(document, Entities()) for document in batch])
        found |= {
            document["doc_id"]: output
            for document, output in zip(batch, outputs, strict=True)
            if isinstance(output, Entities)
        }
    return found


def score_raw(
    corpus: Sequence[Document],
    entities: Mapping[str, Entities],
    gazetteer: Gazetteer,
    memories: Mapping[Ref, SourceMemory] | None = None,
    *,
    listed_homes: bool = False,
) -> RawScore:
    """Compare the places of every article with its gold mentions."""
    result, stage = RawScore(), GeotagStage(gazetteer.path, listed_homes=listed_homes)
    for document in corpus:
        article = raw_input(document, entities, memories)
        (output,) = stage.run([article])
        if isinstance(output, Failed):
            raise output.error
        if isinstance(output, Geotags):
            _count(result, document, list(_emitted(output)), gazetteer)
    return result


def raw_input(
    document: Document, entities: Mapping[str, Entities], memories: Mapping[Ref, SourceMemory] | None = None
) -> StageInput:
    """A document with the recognizer's entities."""
    memory = (memories or {}).get(ref_of(document))
    return input_of(document, entities.get(document["doc_id"], Entities()), memory)


def _emitted(output: Geotags) -> Iterator[tuple[PlaceMention, Place]]:
    return ((mention, place) for place in output.places for mention in place.mentions)


def _count(
    result: RawScore, document: Document, emitted: Sequence[tuple[PlaceMention, Place]], gazetteer: Gazetteer
) -> None:
    golds = document["mentions"]
    for gold in golds:
        if gold.get("geonameid") is None or gazetteer.demonym(name_key(gold["surface"])) is not None:
            continue
        places = [place for mention, place in emitted if _overlap(mention, gold)]
        result.gold += 1
        result.found += bool(places)
        result.exact += any(place.geoname_id == gold["geonameid"] for place in places)
        result.near += any(_is_near(place, gold) for place in places)
    for mention, place in emitted:
        answers = [gold.get("geonameid") for gold in golds if _overlap(mention, gold)]
        if answers and None in answers:
            continue
        result.emitted += 1
        result.emitted_exact += place.geoname_id in answers


def _overlap(mention: PlaceMention, gold: Document) -> bool:
    return bool(mention.start < gold["end"] and gold["start"] < mention.end)


def _is_near(place: Place, gold: Document) -> bool:
    return (
        place.geoname_id == gold["geonameid"]
        or kilometres(place.latitude, place.longitude, gold["lat"], gold["lon"]) <= NEAR_KM
    )


def focus_right(corpus: Sequence[Document], entities: Mapping[str, Entities], gazetteer: Gazetteer) -> list[bool]:
    """Whether the first focus country of each document is the one that a person chose."""
    stage = GeotagStage(gazetteer.path)
    outputs = stage.run([raw_input(document, entities) for document in corpus])
    return [
        isinstance(output, Geotags) and _first(output.focus) == document["focus_country"]
        for output, document in zip(outputs, corpus, strict=True)
    ]


def _first(focus: Focus) -> Any:
    return focus.countries[0].country_code if focus.countries else None


def focus_by_gold(
    corpus: Sequence[Document],
    entities: Mapping[str, Entities],
    gazetteer: Gazetteer,
    memories: Mapping[Ref, SourceMemory] | None = None,
) -> list[bool]:
    """Whether the first focus country is the one in which most gold places lie.

    Only articles in which at least two gold places, and `CLEAR_SHARE` of all, lie in one country.
    """
    stage = GeotagStage(gazetteer.path, listed_homes=False)
    found = []
    for document in corpus:
        country = _country_of(document)
        if country is None:
            continue
        (output,) = stage.run([raw_input(document, entities, memories)])
        focus = output.focus.countries if isinstance(output, Geotags) else ()
        found.append(bool(focus) and focus[0].geoname_id == country)
    return found


def _country_of(document: Document) -> int | None:
    named = [(gold.get("country") or {}).get("geonameid") for gold in document["mentions"]]
    counted = Counter(country for country in named if country is not None).most_common(1)
    if not counted or counted[0][1] < max(2, CLEAR_SHARE * sum(country is not None for country in named)):
        return None
    return int(counted[0][0])
