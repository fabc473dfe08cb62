"""The story index on Redis: finds articles that share rare terms, and keeps which articles tell which story.

It decides nothing: whether an article joins a story, and which stories merge, is the dedupe stage's word. Unlike a
duplicate's, that decision is not fenced: two articles about one event that arrive at once may found two stories, and
the next one that matches both merges them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

import redis

from schemas import Ref
from store._scripts import indexing_source, run_together, shared_calls
from store.packed_ids import pack_id, pack_revision, unpack_id

WINDOW_DAYS: Final = 60
"""How long a story waits for its next article, unless told otherwise. Of web stories 10 % run for more than 116 days
(measured on the web development half); who waits longer pays for it in memory."""
MOST_WINDOW_DAYS: Final = 360
_DAY: Final = 86_400
_PERIOD_DAYS: Final = 30
_MOST_SPAN: Final = 6
"""Periods for which a generation is written to at most: half of those for which it is kept."""
_EVERY_PERIOD: Final = 1 + MOST_WINDOW_DAYS // _PERIOD_DAYS
"""Periods in which a withdrawal looks for an article: whoever withdraws need not know the window."""
_BUCKETS: Final = 2_048
_TOGETHER: Final = 4
"""Articles in one call of a script, which takes half a millisecond for each; with 16 it takes no less (ADR 29)."""
_TERM_BYTES: Final = 3
_HEAD: Final = 6
_NAME_CHARS: Final = 80


def indexed_name(name: str) -> str:
    """An entity's name as the index writes it, and as readers have to ask for it."""
    return name.strip().lower()[:_NAME_CHARS].rstrip()


@dataclass(frozen=True, slots=True)
class About:
    """What a story's numbers need to know of an article."""

    time: int
    """Seconds since 1970: of publication, or where that is not known (`dated`), of acceptance."""
    outlet: str = ""
    places: tuple[str, ...] = ()
    """Gazetteer ids and country codes."""
    entities: tuple[str, ...] = ()
    """Names in lower case."""
    dated: bool = True

    def pack(self) -> bytes:
        """Two bytes of length, then JSON."""
        data = json.dumps(self.fields(), separators=(",", ":")).encode()
        return len(data).to_bytes(2, "big") + data

    def fields(self) -> dict[str, Any]:
        """As the scripts read it."""
        row = {"t": self.time, "o": self.outlet, "p": self.places, "e": self.entities}
        return row if self.dated else row | {"u": 1}

    @classmethod
    def unpack(cls, data: bytes) -> tuple["About", int]:
        """What `pack` made, and where it ends."""
        end = 2 + int.from_bytes(data[:2], "big")
        row = json.loads(data[2:end])
        return cls(row["t"], row["o"], tuple(row["p"]), tuple(row["e"]), "u" not in row), end


@dataclass(frozen=True, slots=True)
class Member:
    """An article in the index."""

    article_id: str
    revision: int
    story_id: str
    about: About
    profile: bytes

    @property
    def ref(self) -> Ref:
        """The article as it stands in the ledger."""
        return Ref(self.article_id, self.revision)

    def pack(self) -> bytes:
        """The record that the index keeps. Its story is kept beside it, since stories merge."""
        return pack_id(self.article_id) + pack_revision(self.revision) + self.about.pack() + self.profile

    @classmethod
    def unpack(cls, story_id: bytes, data: bytes) -> "Member":
        """Read a record."""
        article_id, at = unpack_id(data)
        revision, at = int.from_bytes(data[at : at + 4], "big"), at + 4
        about, length = About.unpack(data[at:])
        return cls(article_id, revision, story_id.decode() or article_id, about, data[at + length :])


@dataclass(frozen=True, slots=True)
class Membership:
    """The story that an article is in, and the stories that became part of it with this article."""

    story_id: str
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryProbe:
    """A question: who tells the same, as far as these terms say? Of a copy: what story is its original in?"""

    ref: Ref
    terms: tuple[int, ...]
    """24 bits each."""
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class StoryView:
    """The answer."""

    articles: int
    """In the index, about: those of the generations that are searched."""
    counts: Mapping[int, int]
    """How many of them have each of the terms."""
    members: tuple[Member, ...] = ()
    known: Membership | None = None
    """Where the article is already."""
    original: Member | None = None
    """Of a copy: what it is a copy of; without a profile where that is not indexed itself."""


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """A decision to be committed."""

    member: Member
    terms: tuple[int, ...]
    """Empty: the article is in its story, but nobody finds the story by it (copies)."""
    matched: Ref | None = None
    """Which member spoke most for it; the one that does so most often is the most central one."""
    founders: Mapping[str, Member] = field(default_factory=dict)
    """By story: an article of it. A story of one article is nothing but its founder."""
    merged: tuple[str, ...] = ()


class RedisStoryIndex:
    """The index that all workers share.

    Args:
        client: A client that returns bytes (``decode_responses`` off).
        prefix: First part of every key.
        window_days: For how long at least a story waits for its next article. It may change at any time: what was
            written before keeps the expiry that it was given.
        clock_seconds: Seconds to use instead of the server's clock; for tests.
    """

    def __init__(
        self,
        client: "redis.Redis",
        prefix: str = "dl",
        *,
        window_days: int = WINDOW_DAYS,
        clock_seconds: int | None = None,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._window_seconds = window_days * _DAY
        # The present period, and as many full ones before it as hold the window.
        self._periods = 1 + -(-window_days // _PERIOD_DAYS)
        self.clock_seconds = clock_seconds
        names = ("check", "commit", "withdraw")
        self._scripts = {name: client.register_script(_source(f"stories_{name}")) for name in names}

    def check(self, probes: Sequence[StoryProbe]) -> list[StoryView]:
        """Look for members that share terms, all in one round trip.

        Raises:
            schemas.RetryLater: Redis does not answer.
        """
        replies = self._run("check", [_check_args(probe) for probe in probes])
        return [_view(probe, reply) for probe, reply in zip(probes, replies, strict=True)]

    def commit(self, entries: Sequence[StoryEntry]) -> list[Membership]:
        """Commit decisions, all in one round trip, each atomic, in the given order. Who is in a story stays there.

        Raises:
            schemas.RetryLater: Redis does not answer. What was committed before that is known the next time.
        """
        replies = self._run("commit", [self._commit_args(entry) for entry in entries])
        return [Membership(story.decode(), _ids(merged)) for story, merged in replies]

    def withdraw(self, ref: Ref) -> bool:
        """Take an article out of its story and out of the index, whatever window it was indexed with; idempotent.

        Raises:
            schemas.RetryLater: Redis does not answer; run it again.
        """
        call = [*self._common(_EVERY_PERIOD), *_packed_ref(ref), str(ref)]
        return bool(run_together(self._client, self._scripts["withdraw"], self._prefix, [call])[0])

    def _commit_args(self, entry: StoryEntry) -> list[Any]:
        member = entry.member
        founders = {
            story: {"ref": str(founder.ref), "about": founder.about.fields()}
            for story, founder in entry.founders.items()
        }
        decided = {
            "article": member.article_id,
            "ref": str(member.ref),
            "story": member.story_id,
            "about": member.about.fields(),
            "window": self._window_seconds,
            "matched": str(entry.matched) if entry.matched else "",
            "founders": founders,
            "merged": entry.merged,
        }
        record = member.pack() if entry.terms else b""
        return [*_packed_ref(member.ref), _packed(entry.terms), json.dumps(decided), record]

    def _common(self, periods: int) -> list[Any]:
        return ["" if self.clock_seconds is None else self.clock_seconds, periods, _BUCKETS]

    def _run(self, name: str, articles: Sequence[Sequence[Any]]) -> list[Any]:
        calls = shared_calls(self._common(self._periods), articles, _TOGETHER)
        return list(chain.from_iterable(run_together(self._client, self._scripts[name], self._prefix, calls)))


def _source(name: str) -> str:
    return indexing_source(name, "sty", _PERIOD_DAYS * _DAY, _MOST_SPAN, "generations", "stories_prelude")


def _check_args(probe: StoryProbe) -> list[Any]:
    return [*_packed_ref(probe.ref), _packed(probe.terms), pack_id(probe.copy_of) if probe.copy_of else b""]


def _packed_ref(ref: Ref) -> tuple[bytes, bytes]:
    return pack_id(ref.article_id), pack_revision(ref.revision)


def _packed(terms: Sequence[int]) -> bytes:
    """Five bytes for each term: two that choose its posting hash, and the term."""
    return b"".join((term * 0x9E37 & 0xFFFF).to_bytes(2, "big") + term.to_bytes(_TERM_BYTES, "big") for term in terms)


def _ids(packed: bytes) -> tuple[str, ...]:
    found, at = [], 0
    while at < len(packed):
        name, at = unpack_id(packed, at)
        found.append(name)
    return tuple(found)


def _view(probe: StoryProbe, reply: list[Any]) -> StoryView:
    articles, known, merged, story, record, number = reply[:_HEAD]
    counts = dict(zip(probe.terms, reply[_HEAD : _HEAD + number], strict=False))
    rows = reply[_HEAD + number :]
    members = tuple(Member.unpack(*pair) for pair in zip(rows[::2], rows[1::2], strict=True))
    original = Member.unpack(story, record) if record else None
    if story and not record and probe.copy_of:
        original = Member(probe.copy_of, 1, story.decode(), About(0), b"")
    return StoryView(articles, counts, members, Membership(known.decode(), _ids(merged)) if known else None, original)
