"""The ledger: what was accepted, who holds it, how far it is, how it ended. Every change is one atomic script."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, cast

import redis

from schemas import Answer, Failure, Lane, Outcome, Ref, StageRecord, State, Trace, content_digest, source_of
from schemas.events import FeedSummary
from store._scripts import Scripts
from store.codec import pack
from store.errors import translated
from store.figures import published_figure, stage_figure
from store.formats import format_of, is_newer, stamped
from store.keys import Keys
from store.records import STAGES, Acceptance, Advance, Backlog, Claim, Found, Loaded, NewArticle, Verdict, moment

_FIELDS = {"submission": "body", "decided": "decided"}
"""Of a record, for the parts that are not a stage's output."""
_A_WEEK_MS = 7 * 24 * 3_600_000

_HEAD = ("state", "token", "stage", "attempts", "retries", "lost", "accepted", "source", "memory", "since", "meta")

_ACCEPTED_AT_ONCE = 25
"""By one call of the script, which keeps others waiting: 25 take Redis about a millisecond."""


def _accepted(article_id: str, article: NewArticle) -> tuple[str | bytes | int, ...]:
    """What the script needs of one article."""
    submission = article.submission
    body = submission.model_dump_json(exclude_none=True, exclude_defaults=True)
    meta = {
        "url": submission.url,
        "external_id": submission.external_id,
        "trace_id": article.trace_id,
        "span_id": article.span_id,
        "warnings": [warning.model_dump() for warning in article.warnings],
    }
    return (
        article_id,
        content_digest(submission, body),
        article.lane.value,
        pack(body),
        len(body),
        source_of(submission) or "",
        stamped(json.dumps({name: value for name, value in meta.items() if value})),
    )


class Ledger:
    """The atomic operations on articles. All raise `StoreUnavailable` or `StoreFull` when Redis cannot do its part."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts

    def accept(self, articles: Iterable[NewArticle]) -> list[Acceptance]:
        """Make submissions safe, in one round trip. Each is atomic by itself; the answers keep the order."""
        identified = [(article.id, article) for article in articles]
        pipe = self._client.pipeline(transaction=False)
        for start in range(0, len(identified), _ACCEPTED_AT_ONCE):
            chunk = identified[start : start + _ACCEPTED_AT_ONCE]
            self._scripts.run("accept", *(value for found in chunk for value in _accepted(*found)), pipe=pipe)
        with translated():
            replies = [reply for chunk in pipe.execute() for reply in chunk]
        return [
            Acceptance(
                Ref(article_id, int(reply[1])), Answer(reply[0].decode()), State(reply[2].decode()), int(reply[3])
            )
            for (article_id, _), reply in zip(identified, replies, strict=True)
        ]

    def claim(self, *, limit: int, max_bytes: int, lease_ms: int, bulk_share: float, lane: Lane | None = None) -> Claim:
        """Lease a batch: live articles first, a share kept for bulk, suspects alone.

        Args:
            limit: Articles at most.
            max_bytes: Submitted bytes at most, counted from the second article on.
            lease_ms: Milliseconds until the articles go back unless a commit renews the lease.
            bulk_share: Share of the claim that bulk gets while live articles wait as well, in [0, 1).
            lane: The only lane to look at; both unless given.
        """
        with translated():
            token, *refs = self._scripts.run("claim", limit, max_bytes, lease_ms, bulk_share, lane or "")
        return Claim(token.decode(), tuple(Ref.parse(ref.decode()) for ref in refs))

    def load(self, refs: Sequence[Ref], parts: Sequence[str]) -> list[Loaded | None]:
        """Read what a stage needs of each revision, in one round trip; ``None`` where the revision is gone.

        Args:
            refs: The revisions.
            parts: ``submission``, names of stages whose output is wanted, or ``decided``: what the dedupe stage had
                decided before the article was sent through it once more.
        """
        records = [f"record:{stage}" for stage in STAGES]
        bodies = [_FIELDS.get(part, f"output:{part}") for part in parts]
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hmget(self._keys.record(ref), [*_HEAD, *records, *bodies])
        with translated():
            rows = pipe.execute()
        return [self._loaded(ref, row, parts) for ref, row in zip(refs, rows, strict=True)]

    @staticmethod
    def _loaded(ref: Ref, row: list[bytes | None], parts: Sequence[str]) -> Loaded | None:
        state, token, stage, attempts, retries, lost, accepted, source, memory, since, meta = row[: len(_HEAD)]
        if state is None or accepted is None:
            return None
        known = json.loads(meta or b"{}")
        records = dict(zip(STAGES, row[len(_HEAD) : len(_HEAD) + len(STAGES)], strict=True))
        newest = max(map(format_of, (meta, *records.values())))
        if is_newer(newest):
            records = {}
        return Loaded(
            ref=ref,
            state=State(state.decode()),
            token=(token or b"").decode(),
            stage=int(stage or 0),
            attempts=int(attempts or 0),
            retries=int(retries or 0),
            lost=int(lost or 0),
            accepted_at=moment(accepted),
            source=(source or b"").decode() or None,
            trace=_trace(known),
            waiting_since=moment(since or accepted),
            url=known.get("url"),
            memory=int(memory) if memory else None,
            parts=dict(zip(parts, row[len(_HEAD) + len(STAGES) :], strict=True)),
            records={stage: StageRecord.stored(record) for stage, record in records.items() if record},
            format=newest,
        )

    def trace(self, ref: Ref) -> Trace:
        """The trace of a revision; without an id where it is gone."""
        with translated():
            meta = cast("bytes | None", self._client.hget(self._keys.record(ref), "meta"))
        return _trace(json.loads(meta or b"{}"))

    def advance(self, commits: Sequence[Advance], token: str, lease_ms: int) -> list[Verdict]:
        """Commit a stage of some articles and renew their leases, in one round trip."""
        pipe = self._client.pipeline(transaction=False)
        for c in commits:
            index = STAGES.index(c.record.stage)
            record = stamped(c.record.model_dump_json(exclude_none=True))
            output = pack(c.output) if c.output is not None else b""
            stage = (str(c.ref), token, index, c.record.stage.value, output, record, *stage_figure(c.record))
            if c.entry is None:
                self._scripts.run("advance", *stage, lease_ms, *_left(c.found), pipe=pipe)
            else:
                entry = c.entry.model_dump_json(exclude_none=True)
                figure = published_figure(c.outcome, c.entry.relation, c.covered)
                self._scripts.run("publish", *stage, c.outcome.value, entry, figure, pipe=pipe)
        return self._verdicts(pipe)

    def delay(self, ref: Ref, token: str, delay_ms: int, failure: Failure) -> Verdict:
        """Put an article aside after a passing fault."""
        return self._fenced("delay", ref, token, delay_ms, failure.model_dump_json(), failure.stage or "")

    def set_aside(self, ref: Ref, token: str, delay_ms: int, failure: Failure) -> Verdict:
        """Leave an article to another worker: nobody failed, and nothing counts against it."""
        return self._fenced("delay", ref, token, delay_ms, failure.model_dump_json(), "", "uncounted")

    def quarantine(self, ref: Ref, token: str, failure: Failure, entry: FeedSummary) -> Verdict:
        """End an article that cannot be processed."""
        told = entry.model_dump_json(exclude_none=True)
        return self._fenced("quarantine", ref, token, failure.model_dump_json(), failure.stage or "", told)

    def give_back(self, refs: Sequence[Ref], token: str, *, lost: bool = False) -> list[Verdict]:
        """Return articles to their lanes at once.

        Args:
            refs: The articles.
            token: The token that holds them.
            lost: Whether their worker died over them; it counts against each, and they are claimed alone next time.
        """
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            self._scripts.run("give_back", str(ref), token, int(lost), pipe=pipe)
        return self._verdicts(pipe)

    def renew(self, refs: Sequence[Ref], token: str, lease_ms: int) -> int:
        """Prolong a lease and note that its worker is at work; returns how many articles the token still holds."""
        with translated():
            return int(self._scripts.run("renew", token, lease_ms, *map(str, refs)))

    def reap(
        self, limit: int = 1_000, *, longest_lease_ms: int = _A_WEEK_MS, longest_delay_ms: int = _A_WEEK_MS
    ) -> tuple[int, int]:
        """Return articles whose lease expired or whose delay is over to their lanes; returns how many of each.

        Args:
            limit: So many of each at most.
            longest_lease_ms: No lease ends later than this from now; one that would was given before the server's
                clock was set back, and is shortened.
            longest_delay_ms: Likewise for delays.
        """
        with translated():
            expired, due = self._scripts.run("reap", limit, longest_lease_ms, longest_delay_ms)
        return int(expired), int(due)

    def backlog(self) -> Backlog:
        """Count everything at one instant."""
        with translated():
            at, flat, live, live_oldest, bulk, bulk_oldest, leased, delayed, feed = self._scripts.run("counts")
        oldest = {Lane.LIVE: int(live_oldest), Lane.BULK: int(bulk_oldest)}
        return Backlog(
            at=moment(at),
            counts={name.decode(): int(number) for name, number in zip(flat[::2], flat[1::2], strict=True)},
            waiting={Lane.LIVE: int(live), Lane.BULK: int(bulk)},
            oldest={lane: moment(time) if time >= 0 else None for lane, time in oldest.items()},
            leased=int(leased),
            delayed=int(delayed),
            feed=int(feed),
        )

    def forget(self, *, results_before_ms: int, bodies_before_ms: int, limit: int = 200) -> int:
        """Delete results and submitted bodies that the retention no longer keeps; returns how many were touched.

        Quarantined articles are kept until an operator decides.
        """
        kept = (Outcome.DONE, Outcome.PARTIAL, Outcome.WITHDRAWN)
        with translated():
            gone = sum(int(self._scripts.run("forget", outcome.value, results_before_ms, limit)) for outcome in kept)
            return gone + int(self._scripts.run("forget_bodies", bodies_before_ms, limit))

    def elect_keeper(self, name: str, milliseconds: int) -> bool:
        """Whether this worker's keeper may top up wake-ups for the next moments, so that several do not add up."""
        with translated():
            return bool(self._scripts.run("elect", name, milliseconds))

    def _fenced(self, script: str, ref: Ref, token: str, *args: str | float) -> Verdict:
        with translated():
            return Verdict(self._scripts.run(script, str(ref), token, *args).decode())

    @staticmethod
    def _verdicts(pipe: Any) -> list[Verdict]:
        with translated():
            return [Verdict(reply.decode()) for reply in pipe.execute()]


def _trace(meta: dict[str, Any]) -> Trace:
    return Trace.at(meta.get("trace_id", ""), meta.get("span_id", ""))


def _left(found: Found | None) -> tuple[str | int, ...]:
    if found is None:
        return ()
    return (found.places, found.lesson, "" if found.memory is None else found.memory)
