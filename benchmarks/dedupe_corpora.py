"""The development corpora of near-duplicates: how they are read, and how clusters are scored against their gold."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from benchmarks.evaluation import data_folder
from schemas import CleanText, Duplicates, Form, Quality, Ref
from tasks.clean import judge
from tasks.stage import StageInput

DATA = data_folder("dedupe")
_SAME, _UNSCORED = frozenset({"exact", "near", "contained"}), frozenset({"ambiguous", "ignore"})

Pair = tuple[str, str]


@dataclass(frozen=True)
class Corpus:
    """Articles in date order, and which pairs of them are the same report."""

    articles: list[StageInput]
    same: dict[Pair, str]
    unscored: set[Pair]


@dataclass(frozen=True)
class Score:
    """Quality over pairs, and how many articles were called copies of something that they are not."""

    precision: float
    recall: float
    f1: float
    false_drops_per_10k: float
    contained_recall: float
    called_recall: float
    """Of the articles that have an earlier copy in the gold, how many are called a copy of one: consumers who ask for
    originals only do not get these twice."""


def pair(one: str, other: str) -> Pair:
    """Two ids in a fixed order."""
    return (one, other) if one < other else (other, one)


def load(name: str, date_field: str) -> Corpus:
    """Read a corpus: its articles become what the clean stage would have made of them."""
    with gzip.open(DATA / name / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: (row[date_field], row["id"]))
    with (DATA / name / "pairs.csv").open(encoding="utf-8") as table:
        labels = {pair(row["a"], row["b"]): row["label"] for row in csv.DictReader(table)}
    return Corpus(
        articles=[article_of(row, date_field) for row in rows],
        same={ids: label for ids, label in labels.items() if label in _SAME},
        unscored={ids for ids, label in labels.items() if label in _UNSCORED},
    )


def article_of(row: dict[str, Any], date_field: str) -> StageInput:
    """What the clean stage would have made of a row."""
    published = datetime.fromisoformat(row[date_field]).replace(tzinfo=UTC)
    clean = CleanText(
        title=row["title"] or None,
        text=row["text"],
        language="en",
        form=Form.TEXT,
        published_at=published,
        canonical_url=row.get("url"),
        quality=_quality(row["text"]),
    )
    source = row.get("host") or "reuters.com"
    return StageInput(ref=Ref(row["id"], 1), accepted_at=published, source=source, clean=clean)


def _quality(text: str) -> Quality:
    passages = "\n\n".join(passage.strip() for passage in text.split("\n\n") if passage.strip())
    return judge(passages, passages, degraded=False)


def clusters_of(answers: Mapping[str, Duplicates]) -> dict[str, str]:
    """The cluster of every article."""
    return {article: answer.cluster_id for article, answer in answers.items()}


def copies_of(answers: Mapping[str, Duplicates]) -> dict[str, str]:
    """Of every article that is called a copy, what it is said to be a copy of."""
    return {article: answer.canonical_id for article, answer in answers.items() if answer.is_copy}


def score(corpus: Corpus, clusters: dict[str, str], copies: dict[str, str]) -> Score:
    """Compare clusters with the gold pairs. Pairs that the gold does not list are different reports.

    Args:
        corpus: The articles and the gold.
        clusters: Cluster of every article.
        copies: What each copy is said to be a copy of: consumers may drop these.
    """
    members = defaultdict(list)
    for article, cluster in clusters.items():
        members[cluster].append(article)
    found = {pair(*ids) for group in members.values() for ids in combinations(group, 2)} - corpus.unscored
    right = len(found & corpus.same.keys())
    false = sum(pair(*ids) not in corpus.same and pair(*ids) not in corpus.unscored for ids in copies.items())
    order = {article.ref.article_id: place for place, article in enumerate(corpus.articles)}
    later = {max(ids, key=order.__getitem__) for ids in corpus.same}
    contained = [ids in found for ids, label in corpus.same.items() if label == "contained"]
    precision, recall = right / max(1, len(found)), right / len(corpus.same)
    return Score(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / max(1e-9, precision + recall),
        false_drops_per_10k=10_000 * false / len(clusters),
        contained_recall=sum(contained) / max(1, len(contained)),
        called_recall=len(later & copies.keys()) / max(1, len(later)),
    )
