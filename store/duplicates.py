"""The duplicate index on Redis: finds candidates by shared keys, and commits a decision only while it is still true.

The index decides nothing. Records and decisions are bytes that only the dedupe stage reads; what is promised here is
that a decision was made in view of everything committed before it, that the first decision of a revision stays, and
that what is older than the retention disappears as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

import redis

from schemas import Ref
from store._scripts import indexing_source, run_together, shared_calls
from store.packed_ids import pack_id, pack_revision, unpack_ref

DEFAULT_RETENTION_WEEKS: Final = 5
"""Copies follow within days (measurements D3: 4); the rest is for late crawls and backfills."""
MOST_RETENTION_WEEKS: Final = 52
DEFAULT_BUCKETS: Final = 2_048
"""Buckets of postings of the first week; later ones get as many as the week before would have needed, up to 262,144.
After 32 articles for each, 65,536 with these, the rest of the week goes into more. A power of two."""
_WEEK_SECONDS: Final = 604_800
_EVERY_WEEK: Final = 520
"""Weeks in which a withdrawal looks for an article: whoever withdraws need not know how many are kept."""
_KEY_BYTES: Final = 5
_TOGETHER: Final = 16
"""Articles in one call of a script: nobody waits longer than two milliseconds for it."""


class Fence(NamedTuple):
    """Up to where the index was seen: entries with a higher sequence number are newer."""

    sequence: int
    generation: int
    sizes: bytes = b""
    """How long the buckets of the probe's keys were, so that a commit need not read what did not grow."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question: what is there that shares a key with this revision?"""

    article_id: str
    revision: int
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answer: records of the best candidates, and the fence up to which that is all."""

    fence: Fence
    records: tuple[bytes, ...]
    first: bytes | None = None
    """The decision, when this revision already has one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision to be committed, and the record to be indexed with it unless the article is a copy."""

    article_id: str
    revision: int
    keys: tuple[int, ...]
    fence: Fence
    decision: bytes
    """Begins with the packed id of what the article is a copy of; see the scripts' prelude."""
    record: bytes | None
    """Begins with the article's own packed id."""
    considered: tuple[str, ...] = ()
    """Articles whose records were looked at although they may be committed after the fence: mates in a batch."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The decision stands."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something newer shares a key: decide again with these records, and commit with this fence."""

    fence: Fence
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """This revision already had a decision, which stands: a redelivery, a retry, or a concurrent run."""

    decision: bytes


Answer = Committed | Refused | Known


@dataclass(frozen=True, slots=True)
class Succession:
    """Who stands for a withdrawn article now."""

    withdrawn: Ref
    heir: Ref
    copies: tuple[Ref, ...]
    """The other copies: from now on they are copies of the heir."""


class RedisDuplicateIndex:
    """The index that all workers share.

    Args:
        client: A client that returns bytes (``decode_responses`` off).
        prefix: First part of every key.
        retention_weeks: How many weekly generations are kept and searched.
        buckets: The fewest buckets of postings of one generation; kept with the generation, so that a change takes
            effect with the next one.
        clock_seconds: Seconds to use instead of the server's clock; for tests.
    """

    def __init__(
        self,
        client: "redis.Redis",
        prefix: str = "dl",
        *,
        retention_weeks: int = DEFAULT_RETENTION_WEEKS,
        buckets: int = DEFAULT_BUCKETS,
        clock_seconds: int | None = None,
    ) -> None:
        if client.connection_pool.connection_kwargs.get("decode_responses"):
            raise ValueError("the duplicate index keeps binary values; give it a client with decode_responses off")
        if retention_weeks < 1:
            raise ValueError("retention_weeks must be at least 1")
        self._client = client
        self._prefix = prefix
        self._retention = retention_weeks
        self._buckets = buckets
        self.clock_seconds = clock_seconds
        self._check = client.register_script(_source("duplicates_check"))
        self._commit = client.register_script(_source("duplicates_commit"))
        self._withdraw = client.register_script(_source("duplicates_withdraw"))

    def check(self, probes: Sequence[Probe]) -> list[Snapshot]:
        """Look for candidates, all in one round trip.

        Raises:
            schemas.RetryLater: Redis does not answer.
        """
        return [_snapshot(reply) for reply in self._batched(self._check, [_check_args(probe) for probe in probes])]

    def commit(self, entries: Sequence[Entry]) -> list[Answer]:
        """Commit decisions, all in one round trip, each atomic, in the given order.

        Raises:
            schemas.RetryLater: Redis does not answer. What was committed before that is `Known` the next time.
        """
        return [_answer(reply) for reply in self._batched(self._commit, [_commit_args(entry) for entry in entries])]

    def withdraw(self, ref: Ref) -> "Succession | None":
        """Take a revision out, as if it had never come. The oldest of its copies takes its place.

        Idempotent: what broke off can be run again, and gives the same answer.

        Returns:
            Who stands for it now, and the other copies; ``None`` where nobody is to be told anything.

        Raises:
            schemas.RetryLater: Redis does not answer.
        """
        clock, _, buckets = self._common
        article = [pack_id(ref.article_id), pack_revision(ref.revision)]
        [reply] = run_together(self._client, self._withdraw, self._prefix, [[clock, _EVERY_WEEK, buckets, *article]])
        heir, *copies = map(unpack_ref, reply) if reply else (None,)
        return Succession(ref, heir, tuple(copies)) if heir else None

    @property
    def _common(self) -> list[Any]:
        clock = "" if self.clock_seconds is None else self.clock_seconds
        return [clock, self._retention, self._buckets]

    def _batched(self, script: Any, articles: Sequence[Sequence[Any]]) -> list[Any]:
        calls = shared_calls(self._common, articles, _TOGETHER)
        return list(chain.from_iterable(run_together(self._client, script, self._prefix, calls)))


def _check_args(probe: Probe) -> list[Any]:
    return [pack_id(probe.article_id), pack_revision(probe.revision), _packed(probe.keys)]


def _commit_args(entry: Entry) -> list[Any]:
    return [
        pack_id(entry.article_id), pack_revision(entry.revision), _packed(entry.keys), *entry.fence,
        entry.decision, entry.record or b"", b"".join(map(pack_id, entry.considered)),
    ]  # fmt: skip


def _source(name: str) -> str:
    return indexing_source(name, "dup", _WEEK_SECONDS, 1, "generations", "duplicates_prelude")


def _packed(keys: Sequence[int]) -> bytes:
    return b"".join((key & 0xFF_FFFF_FFFF).to_bytes(_KEY_BYTES, "big") for key in keys)


def _snapshot(reply: list[Any]) -> Snapshot:
    sequence, generation, sizes, first, *records = reply
    return Snapshot(Fence(int(sequence), int(generation), sizes), tuple(records), first or None)


def _answer(reply: list[Any]) -> Answer:
    kind, *rest = reply
    if kind == b"committed":
        return Committed()
    if kind == b"known":
        return Known(rest[0])
    sequence, generation, *records = rest
    return Refused(Fence(int(sequence), int(generation)), tuple(records))
