"""Makes the inputs of a stage from what the ledger holds."""

from collections.abc import Sequence
from dataclasses import replace

from schemas import CleanText, Covered, Duplicates, Entities, Geotags, Quarantine, StageName, Submission
from schemas.base import Model
from store import Loaded, Store
from store.codec import unpack
from tasks.stage import DECIDED, LINES, MEMORY, Failed, StageInput

PARTS: dict[str, type[Model]] = {
    "submission": Submission,
    StageName.CLEAN.value: CleanText,
    StageName.ENTITIES.value: Entities,
    StageName.GEOTAG.value: Geotags,
    DECIDED: Duplicates,
}


def decoded(loaded: Loaded) -> StageInput | Failed:
    """The input of a stage; `Failed` when what is stored cannot be read by this version."""
    parts: dict[str, Model | None] = {}
    for name, packed in loaded.parts.items():
        try:
            parts[name] = PARTS[name].stored(unpack(packed)) if packed else None
        except ValueError as error:
            if name != DECIDED:
                return Failed(_unreadable(name, error))
            parts[name] = None  # then it is decided anew
    if "submission" in parts and parts["submission"] is None:
        return Failed(Quarantine("The submitted body is gone from the store; submit the article again."))
    return StageInput(ref=loaded.ref, accepted_at=loaded.accepted_at, source=loaded.source, **parts)  # type: ignore[arg-type]


def _unreadable(name: str, cause: Exception) -> Quarantine:
    error = Quarantine(f"The stored {name} cannot be read by this version; reprocess the article from its submission.")
    error.__cause__ = cause
    return error


def parts_for(inputs: Sequence[str], *, last: bool) -> tuple[str, ...]:
    """The parts to load: the stage's inputs, and for the last stage those that its feed entry needs."""
    stored = (name for name in inputs if name not in (MEMORY, LINES))
    return tuple(dict.fromkeys((*stored, *((StageName.CLEAN.value,) if last else ()))))


def remembering(store: Store, inputs: Sequence[StageInput], rows: Sequence[Loaded]) -> list[StageInput]:
    """The same inputs with the memory of their sources, at the version that each article was first given."""
    versions = {row.ref: row.memory for row in rows}
    known = [item for item in inputs if item.source]
    found = store.sources.recall([(item.source or "", versions[item.ref]) for item in known])
    memories = {item.ref: memory for item, memory in zip(known, found, strict=True)}
    return [replace(item, memory=memories.get(item.ref)) for item in inputs]


def with_lines(store: Store, inputs: Sequence[StageInput]) -> list[StageInput]:
    """The same inputs with the lines that are frequent in their sources now.

    Unlike memory they are not frozen: an article that is processed again gets the lines that are frequent then.
    """
    sources = sorted({item.source for item in inputs if item.source})
    frequent = dict(zip(sources, store.source_lines.frequent(sources), strict=True))
    return [replace(item, source_lines=frequent.get(item.source or "", frozenset())) for item in inputs]


def covered(article: StageInput | None) -> frozenset[Covered]:
    """Which things the stages found in an article, for the counters."""
    if article is None:
        return frozenset()
    clean, entities, places = article.clean, article.entities, article.geotag
    focus = places.focus if places else None
    found = {
        Covered.LANGUAGE: clean and clean.language,
        Covered.ENTITIES: entities and entities.entities,
        Covered.PLACES: places and places.places,
        Covered.FOCUS: focus and (focus.countries or focus.regions or focus.cities),
    }
    return frozenset(thing for thing, evidence in found.items() if evidence)
