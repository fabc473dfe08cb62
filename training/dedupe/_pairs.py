"""Pairs of articles with the evidence between them, from the development corpora and from generated edits."""

import gzip
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.dedupe_corpora import Corpus, article_of, pair
from schemas import Entities
from tasks.dedupe import Fingerprint, Information, Taken, evidence_between, take
from tasks.stage import StageInput

FOLDS: Final = 5
_LONGEST_LIST: Final = 15
_FARTHEST_DAYS: Final = 60
_COPIES: Final = (
    "cut_tail_40", "drop_random_40", "teaser_80w", "ocr_2pct", "ocr_5pct", "copyedit_5pct", "copyedit_10pct",
    "copyedit_20pct", "wire_reprint", "lead_rewrite", "case_punct", "update_prepend",
)  # fmt: skip
_HARDEST: Final = "wire_reprint"
_OTHERS: Final = ("background_only",)
_EDIT_WEIGHT: Final = 0.01
"""598 articles times 13 edits in three versions of the headline, against about 600 real pairs."""
_HARD_WEIGHT: Final = 0.2
"""Of wire reprints, which lose their lead and their end and are edited: the hardest of the edits."""
_HEADLESS_WEIGHT: Final = 0.05
_WEB_COPY_WEIGHT: Final = 2.0
"""Of the web's pairs of copies there are a tenth of those of the agency."""
_MISDATED_WEIGHT: Final = 0.05
_MISDATED_SHINGLES: Final = 150
_MISDATED_DAYS: Final = (1.0, 60.0)
"""Three of 58 pairs of the web lie more than four days apart: pages tell when they were changed, or moved, for when
they were written. So that a wrong date alone does not part two long texts, each pair of copies that is too long for a
template counts once more with some other gap, and a twentieth of its weight."""


@dataclass(frozen=True, slots=True)
class Example:
    """The evidence between two articles, and whether they are one report."""

    evidence: tuple[float, ...]
    is_copy: bool
    weight: float
    folds: tuple[int, int] = (0, 0)
    """The folds of the two articles: neither may be tested with weights that saw the pair."""
    groups: tuple[str, str] = ("", "")
    """What the two articles belong to: whole groups are kept from the weights that they are tested with."""
    is_short: bool = False
    """Whether it was made for the judge of templates alone (`_short`)."""


def fold_of(name: str) -> int:
    """The fold of an article, or of a group: the same in every run."""
    return _number(name) % FOLDS


def _number(name: str) -> int:
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16)


def taken(article: StageInput, entities: Entities | None = None) -> Taken:
    """The fingerprint that the stage would take."""
    assert article.clean
    return take(article.clean, entities, article.source, article.accepted_at)


def groups_of(corpus: Corpus, *, web: bool) -> dict[str, str]:
    """The group of each article: with its copies, ambiguous ones too, and on the web with all of its host.

    A group is called by its first id, so that it comes into the same fold in whatever order its pairs are told.
    """
    leaders = {article.ref.article_id: article.ref.article_id for article in corpus.articles}

    def leader(article_id: str) -> str:
        while leaders[article_id] != article_id:
            article_id = leaders[article_id]
        return article_id

    hosts: dict[str | None, str] = {}
    joined = [ids for ids in (*corpus.same, *corpus.unscored) if leaders.keys() >= set(ids)]
    if web:
        joined += [(a.ref.article_id, hosts.setdefault(a.source, a.ref.article_id)) for a in corpus.articles]
    for one, other in joined:
        first, second = sorted((leader(one), leader(other)))
        leaders[second] = first
    return {article_id: leader(article_id) for article_id in leaders}


def of_corpus(corpus: Corpus, fingerprints: Mapping[str, Taken], *, web: bool) -> Iterator[Example]:
    """All pairs that share a key, but those whose gold is ambiguous; with, and to some weight without, headlines."""
    groups = groups_of(corpus, web=web)
    for one, other in sorted(candidates(fingerprints) - corpus.unscored):
        first, second = fingerprints[one].fingerprint, fingerprints[other].fingerprint
        if first.gap(second) > _FARTHEST_DAYS * 86_400 and (one, other) not in corpus.same:
            continue
        is_copy = (one, other) in corpus.same
        weight = _WEB_COPY_WEIGHT if web and is_copy else 1.0
        both = (groups[one], groups[other])
        yield from _example(first, second, (is_copy, weight), both)
        yield from _example(_headless(first), _headless(second), (is_copy, weight * _HEADLESS_WEIGHT), both)


def candidates(fingerprints: Mapping[str, Taken]) -> set[tuple[str, str]]:
    """Pairs that share a key, with posting lists as long as those of the index."""
    postings: defaultdict[int, list[str]] = defaultdict(list)
    found = set()
    for article, print_ in fingerprints.items():
        for key in print_.keys:
            found |= {pair(article, earlier) for earlier in postings[key][-_LONGEST_LIST:]}
            postings[key].append(article)
    return found


def of_edits(path: Path) -> Iterator[Example]:
    """Edited copies of real articles: without headlines, with the same one, and with entirely different ones."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            original = fingerprint_of(row["id"], row["text"])
            for name in (*_COPIES, *_OTHERS):
                edited = _hours_later(fingerprint_of(f"{row['id']}-{name}", row["edits"][name]))
                weight = _HARD_WEIGHT if name == _HARDEST else _EDIT_WEIGHT
                for first, second in _headlined(original, edited):
                    yield from _example(first, second, (name in _COPIES, weight), (row["id"], row["id"]))


def fingerprint_of(article_id: str, text: str) -> Fingerprint:
    """The fingerprint of a text without a headline, as of the first day of 2026."""
    return taken(article_of({"id": article_id, "title": "", "text": text, "ts": "2026-01-01"}, "ts")).fingerprint


def _hours_later(one: Fingerprint) -> Fingerprint:
    """The edit within a day of its article: dates that are equal to the second would tell edits from real copies."""
    return replace(one, published=(one.published or 0) + _number(str(one.digest)) % 86_400)


def _headlined(one: Fingerprint, other: Fingerprint) -> Iterable[tuple[Fingerprint, Fingerprint]]:
    words = np.array([11, 22, 33, 44], dtype=np.uint16)
    yield one, other
    yield replace(one, headline_words=words), replace(other, headline_words=words)
    yield replace(one, headline_words=words), replace(other, headline_words=words + np.uint16(1))


def _headless(one: Fingerprint) -> Fingerprint:
    """What the fingerprint would be, had the article no headline."""
    speaks = Information.ENOUGH if one.information is Information.OFF_HEADLINE else one.information
    return replace(one, headline_words=one.headline_words[:0], information=speaks)


def _example(
    one: Fingerprint, other: Fingerprint, gold: tuple[bool, float], groups: tuple[str, str]
) -> Iterator[Example]:
    found = evidence_between(one, other)
    if found is None:
        return
    is_copy, weight = gold
    yield Example(tuple(found), is_copy, weight, groups=groups)
    if is_copy and min(one.sketch.size, other.sketch.size) >= _MISDATED_SHINGLES:
        wrong = evidence_between(one, _misdated(one, other))
        assert wrong is not None
        yield Example(tuple(wrong), is_copy, weight * _MISDATED_WEIGHT, groups=groups)


def _misdated(one: Fingerprint, other: Fingerprint) -> Fingerprint:
    """The other article under a date that is days away, evenly by the logarithm of days."""
    low, high = map(math.log, _MISDATED_DAYS)
    days = math.exp(low + (high - low) * (_number(f"{one.digest} {other.digest}") % 1_000) / 1_000)
    return replace(other, published=(one.published or 0) + round(days * 86_400))
