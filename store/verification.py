"""Proving the accounting: every accepted revision stands in exactly one place, and the feed tells each outcome once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from schemas import Lane, Outcome, Ref, State
from store.duplicates import MOST_RETENTION_WEEKS, Probe, RedisDuplicateIndex
from store.errors import translated
from store.feed import START
from store.records import Backlog

if TYPE_CHECKING:
    from store.store import Store

_CHUNK = 200
"""Revisions looked at in one step: about 3 ms in which Redis does nothing else."""
_FEED_CHUNK = 500
_LIST_CHUNK = 2_000
_SCAN = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """An error in the accounting: its kind, and the revision that it is about, or the number that is wrong."""

    kind: str
    subject: str
    cursor: str | None = None
    """The feed entry that it is about, if any."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The accounting at one instant, and what is wrong with it. Without findings the promises hold."""

    backlog: Backlog
    articles: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _List:
    """A list of revisions: of one state, or of any."""

    key: str
    state: str = ""
    lane: str = ""


def verify(store: "Store") -> Verification:
    """Check the ledger, the feed and the lists. Articles may change meanwhile: each step is atomic.

    Checks that accepted = outcomes + pending; that the counters agree with the lists; that every record stands in
    exactly the lists that its state, source and places name, and in the feed once, in order; that no list holds a
    revision without a record; that nothing withdrawn can be read or stands in the duplicate index or a story, and
    that no withdrawal is left half done.
    """
    with translated():
        found = dict.fromkeys(
            (*_lists_and_records(store), *_feed(store), *_withdrawals(store), *_stories(store), *_tally(store))
        )
        articles: Any = store.client.zcard(store.keys.every)
        return Verification(store.ledger.backlog(), int(articles), tuple(found))


def _lists_and_records(store: "Store") -> Iterator[Finding]:
    """Every record in its lists. Lists are only walked through when they hold more than the records account for."""
    accounted = 0
    for chunk in _chunks(_refs(store)):
        places, *flat = store.scripts.run("inspect", *chunk)
        accounted += places
        yield from _told(flat)
    lists = list(_lists(store))
    if _total(store, lists) != accounted:
        for each in lists:
            yield from _misplaced(store, each)


def _refs(store: "Store") -> Iterator[str]:
    """The revisions that have a record, whether a list names them or not."""
    begin = f"{store.keys.prefix}:article:"
    for key in store.client.scan_iter(match=f"{_literal(begin)}*", count=_SCAN):
        yield key.decode().removeprefix(begin)


def _chunks(refs: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(refs, _CHUNK)):
        yield chunk


def _told(flat: list[bytes]) -> Iterator[Finding]:
    for ref, kind in zip(flat[::2], flat[1::2], strict=True):
        yield Finding(kind.decode(), ref.decode())


def _lists(store: "Store") -> Iterator[_List]:
    keys = store.keys
    yield from (_List(keys.waiting(lane), State.WAITING, lane) for lane in Lane)
    yield from (_List(keys.leased, State.LEASED), _List(keys.delayed, State.DELAYED), _List(keys.every))
    yield from (_List(keys.by_outcome(outcome), outcome) for outcome in Outcome)
    for kind in ("source", "place", "country", "admin1"):
        match = f"{_literal(keys.prefix)}:index:{kind}:*"
        yield from (_List(key.decode()) for key in store.client.scan_iter(match=match, count=_SCAN, _type="zset"))


def _total(store: "Store", lists: Sequence[_List]) -> int:
    pipe = store.client.pipeline(transaction=False)
    for each in lists:
        pipe.zcard(each.key)
    return sum(pipe.execute())


def _misplaced(store: "Store", each: _List) -> Iterator[Finding]:
    """Members of a list that do not belong there."""
    start, looked_at = 0, _LIST_CHUNK
    while looked_at == _LIST_CHUNK:
        looked_at, *flat = store.scripts.run("inspect_list", each.key, start, _LIST_CHUNK, each.state, each.lane)
        yield from _told(flat)
        start += _LIST_CHUNK


def _literal(text: str) -> str:
    """A prefix as a pattern that matches only itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def _feed(store: "Store") -> Iterator[Finding]:
    """Compare the feed with the records."""
    cursor, at = START, "0"
    while True:
        last, time, *found = store.scripts.run("inspect_feed", cursor, _FEED_CHUNK, at)
        for ref, kind, where in zip(found[::3], found[1::3], found[2::3], strict=True):
            yield Finding(kind.decode(), ref.decode(), where.decode())
        if not last:
            return
        cursor, at = last.decode(), time.decode()


def _withdrawals(store: "Store") -> Iterator[Finding]:
    """Withdrawals that broke off long ago: a keeper would have finished them; and what is left of the finished ones."""
    late = store.ledger.backlog().at.timestamp() * 1000 - 600_000
    yield from (Finding("withdrawal_unfinished", str(ref)) for ref in store.withdrawals.due(int(late)))
    index = RedisDuplicateIndex(store.client, store.keys.prefix, retention_weeks=MOST_RETENTION_WEEKS)
    members: Any = store.client.zrange(store.keys.by_outcome(Outcome.WITHDRAWN), 0, -1)
    under_way = set(store.withdrawals.open())
    for chunk in _chunks(member.decode() for member in members):
        refs = [ref for ref in map(Ref.parse, chunk) if ref not in under_way]
        seen = index.check([Probe(ref.article_id, ref.revision, ()) for ref in refs])
        known = (ref for ref, snapshot in zip(refs, seen, strict=True) if snapshot.first is not None)
        yield from (Finding("withdrawn_but_indexed", str(ref)) for ref in known)


def _stories(store: "Store") -> Iterator[Finding]:
    """Stories that still hold what is withdrawn, or count other members than they have."""
    begin = f"{store.keys.prefix}:sty:m:"
    keys = store.client.scan_iter(match=f"{_literal(begin)}*", count=_SCAN)
    for chunk in _chunks(key.decode().removeprefix(begin) for key in keys):
        yield from _told(store.scripts.run("inspect_stories", *chunk))


def _tally(store: "Store") -> Iterator[Finding]:
    backlog = store.ledger.backlog()
    if not backlog.balanced:
        yield Finding("accounting", f"accepted {backlog.accepted}, pending {backlog.pending}")
    flat: Any = store.scripts.run("tally", "0")
    for name, counted, found in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        kind = "accounting" if name == b"accepted" else "outcome_count"
        yield Finding(kind, f"{name.decode()}: counted {counted}, found {found}")
