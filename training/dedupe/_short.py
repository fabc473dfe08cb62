"""Pairs of short articles for the judge of templates: copies, corrections and fillings, in all kinds of dress.

Each pair appears with and without headlines, names and figures, on one host and on two. Were some of these seen with
templates only, the judge would turn edited copies down for the lack of a headline (ADR 30).
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from tasks.dedupe import Fingerprint, evidence_between
from training.dedupe._edited import edits_of
from training.dedupe._pairs import Example, fingerprint_of
from training.dedupe._refilled import Fillers, corrected, fillings_of

_WEIGHT: Final = 0.06
"""Of each pair, of which there are some 16,000 against about 600 real pairs of copies."""
_TIMES: Final = 2
"""Each pair is dressed so often."""
_HOUR, _DAY = 3_600, 86_400
_SAME_DAY: Final = 0.2
"""Share of fillings that come on the day of the one before: adverts, notices, bulletins."""
_LATER_DAYS: Final = (1, 1, 1, 7, 7, 30)
_ABOUT: Final = (0.93, 1.07)
_OTHER_HOST: Final = 0x1234
_MARK: Final = 0xFFFF
_HEADLINE_WORDS: Final = (3, 7)


@dataclass(frozen=True, slots=True)
class Dress:
    """How often pairs of one kind have headlines (by how they agree), names and figures, and come from one host."""

    headlines: Sequence[str]
    names: float
    numbers: float
    same_host: float


_COPIES: Final = Dress(("none", "none", "same", "same", "word", "other", "one"), 0.6, 0.7, 0.5)
_CORRECTIONS: Final = Dress(("none", "same", "same", "word"), 0.7, 0.8, 0.6)
_FILLINGS: Final = Dress(("none", "none", "same", "same", "same", "word", "word"), 0.65, 0.75, 0.9)


def of_short(path: Path) -> Iterator[Example]:
    """Copies, corrections and fillings made of the articles in the file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    fillers = Fillers.of(list(texts.values()))
    for article_id, text in texts.items():
        chance = random.Random(article_id)  # noqa: S311 - not for secrets
        for one, other in edits_of(text, fillers, chance):
            yield from _dressed(article_id, (one, other), _COPIES, chance)
        for one, other in fillings_of(text, fillers, chance):
            yield from _dressed(article_id, (one, other), _FILLINGS, chance)
        yield from _dressed(article_id, corrected(text, fillers, chance), _CORRECTIONS, chance)


def _dressed(article_id: str, texts: tuple[str, str], dress: Dress, chance: random.Random) -> Iterator[Example]:
    plain, other = (fingerprint_of(article_id, text) for text in texts)
    for _ in range(_TIMES):
        later = replace(other, published=(plain.published or 0) + _seconds(dress, chance))
        if chance.random() >= dress.same_host:
            later = replace(later, host=later.host ^ _OTHER_HOST)
        pair = _headlined(*_bared(plain, later, dress, chance), chance.choice(dress.headlines), chance)
        if dress is _FILLINGS and _may_be_edited(*pair):
            continue
        found = evidence_between(*pair)
        if found is not None:
            yield Example(tuple(found), dress is not _FILLINGS, _WEIGHT, groups=(article_id, article_id), is_short=True)


def _seconds(dress: Dress, chance: random.Random) -> int:
    """How much later the second one comes: fillings mostly after days, corrections within hours."""
    if dress is _CORRECTIONS:
        return chance.randint(_HOUR // 6, 8 * _HOUR)
    if dress is _COPIES:
        return int(chance.uniform(0, chance.choice((6 * _HOUR, _DAY, 2 * _DAY))))
    if chance.random() < _SAME_DAY:
        return chance.randint(_HOUR // 6, _DAY // 2)
    days = chance.choice((*_LATER_DAYS, chance.uniform(0.75, 14)))
    return int(days * _DAY * chance.uniform(*_ABOUT))


def _bared(
    one: Fingerprint, other: Fingerprint, dress: Dress, chance: random.Random
) -> tuple[Fingerprint, Fingerprint]:
    """Without names, as in texts of small letters, or without figures, or as they are."""
    if chance.random() >= dress.names:
        one, other = (replace(each, names=each.names[:0]) for each in (one, other))
    if chance.random() >= dress.numbers:
        one, other = (replace(each, numbers=each.numbers[:0]) for each in (one, other))
    return one, other


def _headlined(
    one: Fingerprint, other: Fingerprint, kind: str, chance: random.Random
) -> tuple[Fingerprint, Fingerprint]:
    """Under headlines of words that both bodies have."""
    if kind == "none":
        return one, other
    both = set(one.words.lowest.tolist()).intersection(other.words.lowest.tolist())
    words = sorted(both)[: chance.randint(*_HEADLINE_WORDS)]
    new = [chance.randint(1, _MARK) for _ in range(4)]
    second = {"same": words, "word": [*words[1:], new[0]], "other": [*words[:1], *new], "one": []}[kind]
    titles = [np.array(sorted(set(title)), dtype=np.uint16) for title in (words, second)]
    chance.shuffle(titles)
    return replace(one, headline_words=titles[0]), replace(other, headline_words=titles[1])


def _may_be_edited(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether nothing tells the filling from an edited copy: it comes the same day, with the same figures and names."""
    same = (np.array_equal(getattr(one, name), getattr(other, name)) for name in ("numbers", "names"))
    return one.gap(other) <= _DAY // 2 and all(same)
