"""Fingerprints: what of an article is compared with others, and the keys under which it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import xxhash

from schemas import CleanText, Entities, Label, Part, Quality, same_page_key
from tasks.dedupe._shingles import head_shingles_of, shingles_of
from tasks.dedupe._sketch import WORD_HASHES, Sketch, sketch_of
from tasks.dedupe._tokens import PAIR_FACTOR, Hashes, Tokens, distinct, mix, tokenise, tokenise_both

_TEXT_KEYS: Final = 7
_FEW_TEXT_KEYS: Final = 3
_HEAD_KEYS: Final = 4
"""With 7 lowest shingles, 3 where the body does not speak of its headline, 4 of the head and 2 pairs of the headline's
words no true pair was lost on either development half; wire reprints lose 2 % of what 12 shingles found
(measurements D2)."""
_HEADLINE_KEYS: Final = 2
_HALF_DIGEST: Final = 0xFFFF_FFFF
"""Enough for page and headline, which are only compared where the texts are equal."""
_SALT: Final = np.uint64(0xA5A5_5A5A_C3C3_3C3C)
"""Keeps keys of the head apart from keys of the text."""
MIN_SHINGLES: Final = 20
"""Measurements D3: a shorter body says too little to be compared."""
MAX_MARKS: Final = 32
"""Numbers, and names, kept of an article: a sample of the same ones in every article, like a sketch."""
SPEAKS_FOR_ITSELF: Final = 200
"""Shingles from which a body is an article whatever its headline says, so that a copy under an invented headline is
found. Of 2,057 web bodies this long none was only boilerplate, of 589 with 150 to 200 shingles 6 were; at 150 false
drops double (measured on the web development half)."""
FOUND_BY_TEXT: Final = 100
"""Shingles from which a body that does not speak of its headline is still compared with those that do: this cost no
false drop on the web development half, 60 did."""
_CONTENT_WORD: Final = 4
"""Letters from which a headline's word counts as content; shorter ones are mostly function words."""
MIN_HEADLINE_SHARE: Final = 0.25
"""Measurements D3: below it the body is not the article: a paywall, a newsletter box, a caption."""
_FIGURE_WORDS: Final = 3
_FIGURE_PROSE: Final = 0.9
_FIGURE_SHINGLES: Final = 60
_FIGURE_NUMBERS: Final = 0.08
"""A headline of so few words may be a figure of speech (*Emperor without clothes*), which the body need not repeat:
where the body is prose of that length, it is the article. Tables of results are told by their figures, three in ten
words.
Of 11 such bodies on the web development half 5 are the article; longer headlines name what happened."""
_PROSE_NUMBERS: Final = 0.05
"""From `FOUND_BY_TEXT` shingles on prose with fewer figures than this informs under any headline, though it is compared
as what it may be, a box: such a box comes again, and is found by its text. On the web development half 12 of the 4,147
bodies are so, half of them articles; opinion pieces it has none."""
_NAMING: Final = frozenset({Label.PERSON, Label.ORG, Label.LOC, Label.EVENT, Label.PRODUCT})

_MARK_SHIFT: Final = np.uint64(54)
"""Leaves 10 bits: of a dozen names and a dozen others, one in eight times two seem the same."""

Marks = npt.NDArray[np.uint16]


class Information(IntEnum):
    """Whether the body says enough of its article to be compared, and if not, why."""

    ENOUGH = 0
    TOO_SHORT = 1
    OFF_HEADLINE = 2
    BOILERPLATE = 3


class NamedBy(IntEnum):
    """Who said what is a name. Names of different origin cannot be compared."""

    CAPITALS = 0
    ENTITIES = 1


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What of an article is compared. Nothing of its text can be read from it."""

    published: int | None
    """Seconds since 1970, whole minutes; ``None`` for an article without a date."""
    accepted: int
    """Seconds since 1970."""
    digest: int
    """64 bits of the sequence of the text's words: equal for equal texts."""
    page: int
    """32 bits of the canonical address; 0 when there is none."""
    headline: int
    """32 bits of host and headline; 0 when one of them is missing."""
    information: Information
    named_by: NamedBy
    sketch: Sketch
    """Of the shingles: which passages the text has."""
    words: Sketch
    """Of single words and numbers: which words it has, in whatever order. An edit of one word changes five shingles."""
    numbers: Marks
    names: Marks
    headline_words: Marks
    """The headline's content words and numbers, hashed like `words`, so that they can be looked for in a body."""
    host: int
    """16 bits of the outlet's host; 0 when it is not known."""
    is_prose: bool = False
    """Whether the body is prose of some length although it does not speak of its headline: an opinion piece, or a box
    of the outlet's own, which is told by coming again under another headline. Not kept in records."""

    def gap(self, other: "Fingerprint") -> int:
        """Seconds between two articles, by one clock: that of publication, or of acceptance where a date is missing.

        In a backfill a missing date says nothing about an old article's age, but what came together belongs together.
        """
        if self.published is None or other.published is None:
            return abs(self.accepted - other.accepted)
        return abs(self.published - other.published)


@dataclass(frozen=True, slots=True)
class Taken:
    """An article's fingerprint and the keys under which others find it."""

    fingerprint: Fingerprint
    keys: tuple[int, ...]


def take(clean: CleanText, entities: Entities | None, host: str | None, accepted_at: datetime) -> Taken:
    """Take the fingerprint of an article."""
    title, tokens = tokenise_both(clean.title or "", clean.text, clean.language)
    headline = _content_words(title, host)
    page = _digest(same_page_key(clean.canonical_url)) if clean.canonical_url else 0
    above = _headline_digest(clean.title, host)
    shingles = shingles_of(tokens)
    information = _information(clean.quality, headline, tokens, len(shingles))
    named_by = NamedBy.CAPITALS if entities is None else NamedBy.ENTITIES
    fingerprint = Fingerprint(
        published=int(clean.published_at.timestamp()) // 60 * 60 if clean.published_at else None,
        accepted=int(accepted_at.timestamp()),
        digest=xxhash.xxh3_64_intdigest(tokens.hashes.tobytes()),
        page=page & _HALF_DIGEST,
        headline=above & _HALF_DIGEST,
        information=information,
        named_by=named_by,
        sketch=sketch_of(shingles),
        words=sketch_of(_words(tokens), WORD_HASHES),
        numbers=_marks(tokens.hashes[tokens.numbers]),
        names=_marks(tokens.hashes[tokens.names] if entities is None else _entity_words(entities, clean.language)),
        headline_words=sketch_of(_words(title), MAX_MARKS).lowest,
        host=_digest(host) >> 48 if host else 0,
        is_prose=information is Information.OFF_HEADLINE and _is_prose(clean.quality, tokens, len(shingles)),
    )
    return Taken(fingerprint, _keys(fingerprint, shingles, tokens, headline, (page, above)))


def _keys(
    fingerprint: Fingerprint, shingles: Hashes, tokens: Tokens, headline: Hashes, identity: tuple[int, int]
) -> tuple[int, ...]:
    """Where the article is found: by its text, or by what stands above it when the text says too little, or by both.

    The first key is the strongest evidence: the index looks first at those who share it.

    Were all bodies without information found by their text, one paywall notice would fill the posting lists.
    """
    keys: list[int] = []
    telling = fingerprint.information is Information.ENOUGH
    listed = fingerprint.information is Information.OFF_HEADLINE
    if telling or listed:
        head = head_shingles_of(tokens)[:_HEAD_KEYS] ^ _SALT
        # The digest first: where articles share sentences, posting lists of shingles forget the older ones, and an
        # equal text must be found all the same.
        most = _TEXT_KEYS if telling or len(shingles) >= FOUND_BY_TEXT else _FEW_TEXT_KEYS
        keys += [fingerprint.digest, *shingles[:most].tolist(), *head.tolist()]
    if not telling or len(shingles) < FOUND_BY_TEXT:
        pairs = distinct(mix(headline[:-1] + headline[1:] * PAIR_FACTOR))[:_HEADLINE_KEYS]
        keys += [key for key in (*(() if telling else identity), *pairs.tolist()) if key]
    return tuple(dict.fromkeys(keys))


def _headline_digest(title: str | None, host: str | None) -> int:
    if not title or not host:
        return 0
    return _digest(f"{host}\n{' '.join(title.casefold().split())}")


def _digest(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))


def _information(quality: Quality, headline: Hashes, body: Tokens, shingles: int) -> Information:
    if quality.boilerplate_only:
        return Information.BOILERPLATE
    if shingles < MIN_SHINGLES:
        return Information.TOO_SHORT
    if quality.listing:
        # Headlines of other articles: one of them may well have a word of this one's.
        return Information.OFF_HEADLINE
    if shingles >= SPEAKS_FOR_ITSELF:
        return Information.ENOUGH
    wanted = set(headline.tolist())
    found = wanted.intersection(chain(body.stems.tolist(), body.character_pairs().tolist()))
    if len(found) >= MIN_HEADLINE_SHARE * len(wanted) or _may_be_figurative(quality, len(wanted), body, shingles):
        return Information.ENOUGH
    return Information.OFF_HEADLINE


def _is_prose(quality: Quality, body: Tokens, shingles: int) -> bool:
    enough = shingles >= FOUND_BY_TEXT and (quality.score or 0) >= _FIGURE_PROSE and not quality.listing
    return enough and bool(body.numbers.mean() < _PROSE_NUMBERS)


def _may_be_figurative(quality: Quality, headline_words: int, body: Tokens, shingles: int) -> bool:
    return (
        headline_words <= _FIGURE_WORDS
        and shingles >= _FIGURE_SHINGLES
        and (quality.score or 0) >= _FIGURE_PROSE
        and bool(body.numbers.mean() < _FIGURE_NUMBERS)
    )


def _content_words(title: Tokens, host: str | None) -> Hashes:
    """Stems of the headline's longer words, without the name of the site ("… on Twitter" says nothing)."""
    stems = np.concatenate((title.stems[title.lengths >= _CONTENT_WORD], title.character_pairs()))
    telling: Hashes = stems[~(stems[:, None] == _site_words(host or "")).any(axis=1)]
    return telling


@lru_cache(maxsize=4_096)
def _site_words(host: str) -> Hashes:
    return tokenise(host.replace(".", " ")).stems


def _words(tokens: Tokens) -> Hashes:
    words = tokens.hashes[(tokens.lengths >= _CONTENT_WORD) | tokens.numbers]
    return distinct(np.concatenate((words, tokens.character_pairs())))


def _entity_words(entities: Entities, language: str | None) -> Hashes:
    names: Sequence[str] = [
        entity.name
        for entity in entities.entities
        if entity.label in _NAMING and any(mention.part is Part.TEXT for mention in entity.mentions)
    ]
    return tokenise("\n".join(names), language).hashes


def _marks(hashes: Hashes) -> Marks:
    return distinct(hashes >> _MARK_SHIFT).astype(np.uint16)[:MAX_MARKS]
