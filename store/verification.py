"""Proving the accounting: every accepted revision stands in exactly one place, and the feed tells each outcome once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import redis

from schemas import Lane, Outcome, Ref, State
from store.errors import translated
from store.keys import Keys
from store.ledger import Ledger
from store.records import Backlog

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be: its kind and the revision it was seen on (or the number that is off)."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The accounting at one instant, and what was found wrong. No finding means that the promises hold."""

    backlog: Backlog
    articles: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the ledger's sets say that revisions stand."""

    waiting: frozenset[bytes]
    leased: frozenset[bytes]
    delayed: frozenset[bytes]
    outcomes: dict[Outcome, frozenset[bytes]]

    def of(self, state: State) -> frozenset[bytes]:
        pending = {State.WAITING: self.waiting, State.LEASED: self.leased, State.DELAYED: self.delayed}
        return pending[state] if state in pending else self.outcomes[Outcome(state.value)]


def verify(client: "redis.Redis", keys: Keys, ledger: Ledger) -> Verification:
    """Check the ledger. Exact while nothing is being written; under load, findings may be articles in motion.

    Checks that accepted = outcomes + pending, that every record stands in exactly the one set that its state names,
    that the sets hold nothing else, and that the feed holds exactly one current entry for each outcome, in order.
    """
    with translated():
        before = ledger.backlog()
        places = _places(client, keys)
        findings: list[Finding] = []
        states: Counter[State] = Counter()
        cursors: dict[bytes, bytes] = {}
        for ref, state, cursor in _records(client, keys):
            if state is None:
                findings.append(Finding("index_without_record", ref.decode()))
                continue
            states[state] += 1
            findings += _misplaced(ref, state, places)
            if cursor is not None:
                cursors[ref] = cursor
        findings += _feed_findings(client, keys, cursors)
        findings += _count_findings(before, states)
    return Verification(before, sum(states.values()), tuple(findings))


def _places(client: Any, keys: Keys) -> _Places:
    def members(key: str) -> frozenset[bytes]:
        found: Any = client.zrange(key, 0, -1)
        return frozenset(found)

    return _Places(
        waiting=members(keys.waiting(Lane.LIVE)) | members(keys.waiting(Lane.BULK)),
        leased=members(keys.leased),
        delayed=members(keys.delayed),
        outcomes={outcome: members(keys.by_outcome(outcome)) for outcome in Outcome},
    )


def _records(client: Any, keys: Keys) -> Iterator[tuple[bytes, State | None, bytes | None]]:
    start = 0
    while refs := client.zrange(keys.every, start, start + _CHUNK - 1):
        start += _CHUNK
        pipe = client.pipeline(transaction=False)
        for ref in refs:
            pipe.hmget(keys.record(Ref.parse(ref.decode())), ["state", "cursor"])
        for ref, (state, cursor) in zip(refs, pipe.execute(), strict=True):
            yield ref, State(state.decode()) if state else None, cursor


def _misplaced(ref: bytes, state: State, places: _Places) -> Iterator[Finding]:
    for other in State:
        if (ref in places.of(other)) != (other == state):
            kind = "not_where_its_state_says" if other == state else f"{state}_but_listed_as_{other}"
            yield Finding(kind, ref.decode())


def _feed_findings(client: Any, keys: Keys, cursors: dict[bytes, bytes]) -> Iterator[Finding]:
    """Hold the feed against the records. Quarantine entries of articles that were retried are history, not doubles."""
    current: Counter[bytes] = Counter()
    last = b"-"
    while rows := client.xrange(keys.feed, min=b"(" + last if last != b"-" else last, count=_CHUNK):
        for cursor, fields in rows:
            ref = fields[b"ref"]
            if cursors.get(ref) == cursor:
                current[ref] += 1
            elif fields[b"outcome"] != Outcome.QUARANTINED.value.encode():
                yield Finding("published_twice", ref.decode())
        last = rows[-1][0]
    for ref in cursors.keys() - current.keys():
        yield Finding("outcome_not_in_feed", ref.decode())


def _count_findings(backlog: Backlog, states: Counter[State]) -> Iterator[Finding]:
    if not backlog.balanced:
        yield Finding("accounting", f"accepted {backlog.accepted}, pending {backlog.pending}")
    for outcome in Outcome:
        kept = backlog.outcome(outcome) - backlog.counts.get(f"forgotten:{outcome}", 0)
        if kept != states[State(outcome.value)]:
            yield Finding("outcome_count", f"{outcome}: counted {kept}, found {states[State(outcome.value)]}")
