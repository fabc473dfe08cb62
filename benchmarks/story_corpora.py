"""The development corpora of stories, read by the stages before dedupe, and the measure of clusters.

In date order, so that the geotag stage is given of each source what its earlier articles taught, as in production.
"""

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.dedupe_corpora import DATA, article_of
from schemas import Duplicates, Entities, Geotags, Relation
from store import SourceMemory
from store.sources import WINDOW
from tasks.dedupe import Told, take, told
from tasks.entities import EntitiesStage
from tasks.geotag import GeotagStage
from tasks.stage import StageInput

_ACCEPTED = "2026-01-01"
_TITLE_WORDS = 14
"""ECB+ has no titles; its first line is one when it is this short."""
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Stories:
    """Articles in date order, and the gold story of each."""

    told: Sequence[Told]
    gold: Mapping[str, str]


def load_all() -> dict[str, Stories]:
    """The web corpus, ECB+ and BASIL, with what the entities and geotag stages find in them (two minutes)."""
    web = _rows("gva_nd")
    for row in web:
        row["story"] = row["incident_ids"][0]
    return {"web": _stories(web), "ecbplus": _stories(_rows("story_ecbplus")), "basil": _stories(_rows("story_basil"))}


def without_dates(stories: Stories) -> Stories:
    """The same articles without dates and outlets, in an order that has nothing to do with the stories."""
    articles = sorted((one.article for one in stories.told), key=lambda one: _shuffled(one.ref.article_id))
    return Stories([_seen(_undated(article)) for article in articles], stories.gold)


def b_cubed(found: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998, "Algorithms for scoring coreference chains")."""
    ours, theirs = Counter(found.values()), Counter(gold.values())
    both = Counter((found[article], gold[article]) for article in gold)
    precision = sum(both[found[one], gold[one]] / ours[found[one]] for one in gold) / len(gold)
    recall = sum(both[found[one], gold[one]] / theirs[gold[one]] for one in gold) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [_titled(json.loads(line)) for line in lines]
    # Without dates, in an order that has nothing to do with the stories.
    return sorted(rows, key=lambda row: (row.get("date", ""), _shuffled(row["id"])))


def _titled(row: dict[str, Any]) -> dict[str, Any]:
    first = row["text"].split("\n", 1)[0]
    row.setdefault("title", first if len(first.split()) <= _TITLE_WORDS else "")
    if isinstance(row.get("incident_ids"), str):
        row["incident_ids"] = row["incident_ids"].strip("[]").replace("'", "").split(", ")
    return row


def without_names(stories: Stories) -> Stories:
    """The same articles as they are where neither entities nor places could be found."""
    plain = [replace(one.article, entities=None, geotag=None) for one in stories.told]
    return Stories([_seen(article) for article in plain], stories.gold)


def _stories(rows: Sequence[dict[str, Any]]) -> Stories:
    articles = [_article(row) for row in rows]
    return Stories([_seen(article) for article in _read(articles)], {row["id"]: row["story"] for row in rows})


def _read(articles: Sequence[StageInput]) -> Iterator[StageInput]:
    """The articles with their entities and places; of a batch no article knows what the others teach."""
    entities, geotag = EntitiesStage(), GeotagStage()
    journals: defaultdict[str, list[bytes]] = defaultdict(list)
    for start in range(0, len(articles), _BATCH):
        batch = [replace(article, memory=_memory(journals, article.source)) for article in articles[start:][:_BATCH]]
        named = [
            replace(article, entities=found if isinstance(found, Entities) else None)
            for article, found in zip(batch, entities.run(batch), strict=True)
        ]
        for article, found in zip(named, geotag.run(named), strict=True):
            tagged = found if isinstance(found, Geotags) else None
            if tagged and article.source and (lesson := geotag.lesson(article, tagged)):
                journals[article.source].append(lesson.encode())
            yield replace(article, geotag=tagged)


def _memory(journals: Mapping[str, Sequence[bytes]], source: str | None) -> SourceMemory | None:
    """What the store would give of a source by now."""
    lessons = journals.get(source or "", ())
    return SourceMemory(len(lessons), tuple(lessons[-WINDOW:])) if source else None


def _undated(article: StageInput) -> StageInput:
    """ECB+ says neither when nor by whom an article was published: then nothing may be made of it."""
    assert article.clean is not None
    return replace(article, source=None, clean=article.clean.model_copy(update={"published_at": None}))


def _article(row: dict[str, Any]) -> StageInput:
    dated = "date" in row
    article = article_of(row if dated else row | {"date": _ACCEPTED}, "date")
    return article if dated else _undated(article)


def _seen(article: StageInput) -> Told:
    assert article.clean is not None
    own_id = article.ref.article_id
    fingerprint = take(article.clean, None, article.source, article.accepted_at)
    alone = Duplicates(
        relation=Relation.ORIGINAL, canonical_id=own_id, cluster_id=own_id, score=0, jaccard=0, index_version=1
    )
    return told(article, fingerprint, alone)


def _shuffled(article_id: str) -> bytes:
    return hashlib.md5(article_id.encode(), usedforsecurity=False).digest()
