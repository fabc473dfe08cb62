"""What the index keeps of an article, and the bytes it is kept as. The index itself does not look inside."""

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from schemas import Duplicates, Relation
from store.packed_ids import NO_ID, pack_id, unpack_id
from tasks.dedupe._fingerprint import Fingerprint, Information, Marks, NamedBy
from tasks.dedupe._guards import Guard
from tasks.dedupe._sketch import FULL, Sketch

INDEX_VERSION: Final = 2
"""Rises when records of an older version can no longer be compared with new ones."""

_HEAD: Final = struct.Struct("<BBiIQIIHIHBBBBB")
_DECISION: Final = struct.Struct("<BBHHHIB")
_SHARES: Final = 10_000
"""Shares are kept as ten-thousandths, and days as thousandths, in memory and in what is answered the first time."""
_DAYS: Final = 1_000
_NO_DAYS: Final = 0xFFFF_FFFF
_UNSURE: Final = 0xFFFF
_UNDATED: Final = -(1 << 31)
_MINUTE: Final = 60
_RELATIONS: Final = (
    Relation.ORIGINAL,
    Relation.EXACT,
    Relation.NEAR,
    Relation.CONTAINED_IN,
    Relation.CONTAINS,
    Relation.SAME_STORY,
    Relation.LOW_INFORMATION,
)
"""Their places are their numbers in kept decisions: append only."""
_GUARDS: Final = tuple(Guard)


class _Head(NamedTuple):
    """The part of a packed record that has a fixed length, in its order there."""

    version: int
    kinds: int
    published: int
    accepted: int
    digest: int
    page: int
    headline: int
    host: int
    shingles: int
    words: int
    lowest_shingles: int
    lowest_words: int
    numbers: int
    names: int
    headline_words: int


_LOW: Final = 0x7F
_ONE_BYTE: Final = 0x7F
_TWO_BYTES: Final = 0x3FFF
_KIND_BITS: Final = 4
_KIND_MASK: Final = 15


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One article that others may turn out to be copies of."""

    article_id: str
    cluster_id: str
    fingerprint: Fingerprint


def pack_record(record: Record) -> bytes:
    """Turn a record into bytes: 41, 17 for each id, 1 to 3 for each hash and mark."""
    taken = record.fingerprint
    head = _Head(
        version=INDEX_VERSION,
        kinds=taken.information | taken.named_by << _KIND_BITS,
        published=_UNDATED if taken.published is None else _bounded(taken.published // _MINUTE),
        accepted=taken.accepted,
        digest=taken.digest,
        page=taken.page,
        headline=taken.headline,
        host=taken.host,
        shingles=taken.sketch.size,
        words=min(taken.words.size, FULL),
        lowest_shingles=len(taken.sketch.lowest),
        lowest_words=len(taken.words.lowest),
        numbers=len(taken.numbers),
        names=len(taken.names),
        headline_words=len(taken.headline_words),
    )
    own_cluster = record.cluster_id == record.article_id
    cluster = NO_ID if own_cluster else pack_id(record.cluster_id)
    marks = pack_marks(np.concatenate(_arrays(taken)))
    return b"".join((pack_id(record.article_id), _HEAD.pack(*head), cluster, marks))


def unpack_record(data: bytes) -> Record | None:
    """Read a record; ``None`` for one of another version, which cannot be compared."""
    article_id, at = unpack_id(data)
    if data[at] != INDEX_VERSION:
        return None
    head = _Head(*_HEAD.unpack_from(data, at))
    cluster_id, at = unpack_id(data, at + _HEAD.size)
    marks = unpack_marks(data[at:])
    counts = (head.lowest_shingles, head.lowest_words, head.numbers, head.names, head.headline_words)
    lowest, words, numbers, names, headline_words = np.split(marks, np.cumsum(counts)[:-1])
    fingerprint = Fingerprint(
        published=None if head.published == _UNDATED else head.published * _MINUTE,
        accepted=head.accepted,
        digest=head.digest,
        page=head.page,
        headline=head.headline,
        information=Information(head.kinds & _KIND_MASK),
        named_by=NamedBy(head.kinds >> _KIND_BITS),
        sketch=Sketch(head.shingles, lowest),
        words=Sketch(head.words, words),
        numbers=numbers,
        names=names,
        headline_words=headline_words,
        host=head.host,
    )
    return Record(article_id, cluster_id or article_id, fingerprint)


def _arrays(taken: Fingerprint) -> tuple[Marks, ...]:
    return (taken.sketch.lowest, taken.words.lowest, taken.numbers, taken.names, taken.headline_words)


def pack_marks(marks: Marks) -> bytes:
    """Ascending runs as differences, seven bits a byte, the lowest first (LEB128): most take one byte or two."""
    steps = np.diff(marks, prepend=np.uint16(0))
    parts = np.stack((steps & _LOW, steps >> 7 & _LOW, steps >> 14), axis=1).astype(np.uint8)
    more = np.stack((steps > _ONE_BYTE, steps > _TWO_BYTES), axis=1)
    parts[:, :2] |= more.astype(np.uint8) << 7
    kept = np.column_stack((np.ones(len(steps), dtype=np.bool_), more))
    packed: bytes = parts[kept].tobytes()
    return packed


def unpack_marks(data: bytes) -> Marks:
    """What `pack_marks` was given."""
    packed = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(packed <= _ONE_BYTE)
    lengths = np.diff(ends, prepend=-1)
    place = np.arange(len(packed)) - np.repeat(ends - lengths + 1, lengths)
    parts = (packed & _LOW).astype(np.uint32) << (7 * place).astype(np.uint32)
    steps = np.add.reduceat(parts, ends - lengths + 1) if len(ends) else parts
    marks: Marks = np.cumsum(steps, dtype=np.uint32).astype(np.uint16)
    return marks


def _bounded(minutes: int) -> int:
    return max(_UNDATED + 1, min(-_UNDATED - 1, minutes))


def pack_decision(own_id: str, decision: Duplicates) -> bytes:
    """Turn a decision into bytes: 14 for an original, and 17 more for a copy."""
    canonical = NO_ID if decision.canonical_id == own_id else pack_id(decision.canonical_id)
    cluster = b"" if decision.cluster_id == decision.canonical_id else pack_id(decision.cluster_id)
    days = _NO_DAYS if decision.days_apart is None else round(decision.days_apart * _DAYS)
    sure = _UNSURE if decision.confidence is None else round(decision.confidence * _SHARES)
    guards = sum(1 << _GUARDS.index(Guard(name)) for name in decision.guards_failed)
    head = _DECISION.pack(
        decision.index_version, _RELATIONS.index(decision.relation), round(decision.score * _SHARES),
        round(decision.jaccard * _SHARES), sure, days, guards,
    )  # fmt: skip
    return canonical + head + cluster


def unpack_decision(own_id: str, data: bytes) -> Duplicates:
    """Read a decision as it was given the first time."""
    canonical, at = unpack_id(data)
    version, relation, score, jaccard, sure, days, guards = _DECISION.unpack_from(data, at)
    at += _DECISION.size
    cluster = unpack_id(data, at)[0] if len(data) > at else ""
    return Duplicates(
        relation=_RELATIONS[relation],
        canonical_id=canonical or own_id,
        cluster_id=cluster or canonical or own_id,
        score=score / _SHARES,
        jaccard=jaccard / _SHARES,
        confidence=None if sure == _UNSURE else sure / _SHARES,
        days_apart=None if days == _NO_DAYS else days / _DAYS,
        guards_failed=tuple(guard for place, guard in enumerate(_GUARDS) if guards >> place & 1),
        index_version=version,
    )


def share(value: float) -> float:
    """Round a share as it is kept, so that the first answer and the remembered one are equal."""
    return round(value * _SHARES) / _SHARES


def days(seconds: int) -> float:
    """Seconds as days, rounded as they are kept."""
    return min(round(seconds / 86_400 * _DAYS), _NO_DAYS - 1) / _DAYS
