"""The corpora of the geotag stage as its inputs: gold spans or the recognizer's, with and without a source's memory."""

import gzip
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from schemas import CleanText, Entities, Entity, Form, Geotags, Label, Mention, Quality, Ref
from store import SourceMemory
from tasks.geotag import GeotagStage
from tasks.stage import StageInput

NEAR_KM = 161.0
"""A hundred miles: the distance that the literature on these corpora counts as right."""
FOLDS = 5
Document = dict[str, Any]


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def documents(path: Path) -> list[Document]:
    """The documents of a gzipped or plain JSON-lines file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        return [json.loads(line) for line in lines]


def clean_of(text: str, address: str | None = None) -> CleanText:
    """A text, and its own address, as the clean stage would hand them on."""
    quality = Quality(words=len(text.split()))
    return CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=quality, canonical_url=address)


def entities_of(mentions: Sequence[tuple[int, int, str]], label: Label = Label.LOC) -> tuple[Entity, ...]:
    """One entity for each span, as a recognizer without alias merging would give them."""
    return tuple(
        Entity(
            id=f"{label}:{at}",
            label=label,
            name=text,
            mentions=(Mention(start=start, end=end, text=text),),
            count=1,
            salience=0,
        )
        for at, (start, end, text) in enumerate(mentions)
    )


def host_of(document: Document) -> str | None:
    """The source of an article, as the store names it."""
    domain: str | None = document.get("domain")
    return domain.removeprefix("www.") if domain else None


def ref_of(document: Document) -> Ref:
    """An id like those of the store, of which the first characters already tell articles apart."""
    return Ref(hashlib.blake2b(document["doc_id"].encode(), digest_size=13).hexdigest(), 1)


def input_of(document: Document, entities: Entities, memory: SourceMemory | None = None) -> StageInput:
    """A document with its entities."""
    return StageInput(
        ref=ref_of(document),
        accepted_at=datetime.now(UTC),
        source=host_of(document),
        clean=clean_of(document["text"], document.get("url")),
        entities=entities,
        memory=memory,
    )


def gold_input(document: Document, memory: SourceMemory | None = None) -> StageInput:
    """A document with its gold spans as LOC entities."""
    spans = [(m["start"], m["end"], m["surface"]) for m in document["mentions"]]
    return input_of(document, Entities(entities=entities_of(spans)), memory)


def memories(articles: Sequence[StageInput], stage: GeotagStage, seed: int = 0) -> dict[Ref, SourceMemory]:
    """For each article what its source's articles in the *other* folds taught, by the stage's own output alone.

    No gold place is looked at, and the stage made the lessons without a memory.
    """
    fold = np.random.default_rng(seed).permutation(len(articles)) % FOLDS
    lessons: Mapping[str | None, list[tuple[int, bytes]]] = defaultdict(list)
    for article, at, output in zip(articles, fold, stage.run(articles), strict=True):
        if isinstance(output, Geotags) and (lesson := stage.lesson(article, output)):
            lessons[article.source].append((int(at), lesson.encode()))
    found = {}
    for article, at in zip(articles, fold, strict=True):
        others = tuple(lesson for other, lesson in lessons[article.source] if other != at)
        found[article.ref] = SourceMemory(len(others), others)
    return found
