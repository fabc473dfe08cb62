"""What the index keeps of an article, and the bytes it is kept as. The index itself does not look inside."""

import struct
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas import Duplicates, Relation
from tasks.dedupe._fingerprint import Fingerprint, Information, NamedBy
from tasks.dedupe._guards import Guard
from tasks.dedupe._sketch import Sketch

INDEX_VERSION: Final = 1
"""Rises when records of an older version can no longer be compared with new ones."""

_HEAD: Final = struct.Struct("<BBBqIQQQIBBBBBB")
_DECISION: Final = struct.Struct("<BBHHIBBB")
_SHARES: Final = 10_000
"""Shares are kept as ten-thousandths, and days as thousandths, in memory and in what is answered the first time."""
_DAYS: Final = 1_000
_NO_DAYS: Final = 0xFFFF_FFFF
_UNDATED: Final = -(1 << 63)
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
    information: int
    named_by: int
    published: int
    accepted: int
    digest: int
    page: int
    headline: int
    size: int
    lowest: int
    numbers: int
    names: int
    words: int
    article: int
    cluster: int


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One article that others may turn out to be copies of."""

    article_id: str
    cluster_id: str
    fingerprint: Fingerprint


def pack_record(record: Record) -> bytes:
    """Turn a record into bytes: 50, the ids, 4 for each hash of the sketch, 2 for each other mark."""
    taken = record.fingerprint
    article, cluster = record.article_id.encode(), record.cluster_id.encode()
    own_cluster = b"" if cluster == article else cluster
    head = _Head(
        version=INDEX_VERSION,
        information=taken.information,
        named_by=taken.named_by,
        published=_UNDATED if taken.published is None else taken.published,
        accepted=taken.accepted,
        digest=taken.digest,
        page=taken.page,
        headline=taken.headline,
        size=taken.sketch.size,
        lowest=len(taken.sketch.lowest),
        numbers=len(taken.numbers),
        names=len(taken.names),
        words=len(taken.headline_words),
        article=_checked(article),
        cluster=_checked(own_cluster),
    )
    arrays: tuple[npt.NDArray[Any], ...] = (taken.sketch.lowest, taken.numbers, taken.names, taken.headline_words)
    return b"".join((_HEAD.pack(*head), article, own_cluster, *map(_little_endian, arrays)))


def unpack_record(data: bytes) -> Record | None:
    """Read a record; ``None`` for one of another version, which cannot be compared."""
    if data[0] != INDEX_VERSION:
        return None
    head = _Head(*_HEAD.unpack_from(data))
    at = _HEAD.size
    article_id, at = data[at : at + head.article].decode(), at + head.article
    cluster_id, at = data[at : at + head.cluster].decode() or article_id, at + head.cluster
    lowest, at = np.frombuffer(data, "<u4", head.lowest, at), at + 4 * head.lowest
    numbers, at = np.frombuffer(data, "<u2", head.numbers, at), at + 2 * head.numbers
    names, at = np.frombuffer(data, "<u2", head.names, at), at + 2 * head.names
    fingerprint = Fingerprint(
        published=None if head.published == _UNDATED else head.published,
        accepted=head.accepted,
        digest=head.digest,
        page=head.page,
        headline=head.headline,
        information=Information(head.information),
        named_by=NamedBy(head.named_by),
        sketch=Sketch(head.size, lowest),
        numbers=numbers,
        names=names,
        headline_words=np.frombuffer(data, "<u2", head.words, at),
    )
    return Record(article_id, cluster_id, fingerprint)


def pack_decision(own_id: str, decision: Duplicates) -> bytes:
    """Turn a decision into bytes: 13 for an original, 13 and an id for a copy."""
    canonical = b"" if decision.canonical_id == own_id else decision.canonical_id.encode()
    cluster = b"" if decision.cluster_id == decision.canonical_id else decision.cluster_id.encode()
    days = _NO_DAYS if decision.days_apart is None else round(decision.days_apart * _DAYS)
    guards = sum(1 << _GUARDS.index(Guard(name)) for name in decision.guards_failed)
    head = _DECISION.pack(
        decision.index_version, _RELATIONS.index(decision.relation), round(decision.score * _SHARES),
        round(decision.jaccard * _SHARES), days, guards, _checked(canonical), _checked(cluster),
    )  # fmt: skip
    return head + canonical + cluster


def unpack_decision(own_id: str, data: bytes) -> Duplicates:
    """Read a decision as it was given the first time."""
    version, relation, score, jaccard, days, guards, canonical, cluster = _DECISION.unpack_from(data)
    at = _DECISION.size
    canonical_id = data[at : at + canonical].decode() or own_id
    return Duplicates(
        relation=_RELATIONS[relation],
        canonical_id=canonical_id,
        cluster_id=data[at + canonical : at + canonical + cluster].decode() or canonical_id,
        score=score / _SHARES,
        jaccard=jaccard / _SHARES,
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


def _little_endian(array: npt.NDArray[Any]) -> bytes:
    return array.astype(array.dtype.newbyteorder("<")).tobytes()


def _checked(text: bytes) -> int:
    if len(text) > 255:  # noqa: PLR2004 - one byte holds it
        raise ValueError("an article id longer than 255 bytes cannot be indexed; the API makes ids of 26")
    return len(text)
