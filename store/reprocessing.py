"""Reprocessing: finds results of an older version of a stage and sends them through the pipeline again."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis

from schemas import Outcome, Ref, StageName
from store._scripts import Scripts
from store.errors import translated
from store.keys import Keys
from store.listing import Listing, Query
from store.records import STAGES

REPROCESSABLE = (Outcome.DONE, Outcome.PARTIAL)
"""Quarantined articles are retried instead, and withdrawn ones are gone for good."""


@dataclass(frozen=True, slots=True)
class Reprocessing:
    """Which articles, and from which stage on."""

    stage: StageName
    query: Query
    before_version: int | None = None
    """Only results of an older version of the stage, or without a result of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """The result of one call: what was looked at, what matched, what was sent."""

    examined: int
    matching: tuple[Ref, ...]
    verdicts: Counter[str]
    """How many were ``sent``, or ``would`` be; why others were not: ``changed``, ``outdated``, ``no_body``."""
    next_cursor: str | None


class Reprocessor:
    """Goes through results, newest acceptance first, a bounded number in each call."""

    def __init__(self, client: "redis.Redis", keys: Keys, scripts: Scripts, listing: Listing) -> None:
        self._client = client
        self._keys = keys
        self._scripts = scripts
        self._listing = listing

    def step(self, wanted: Reprocessing, cursor: str | None, limit: int, *, dry_run: bool) -> Step:
        """Look at the next articles, and send those that match unless it is a dry run.

        Args:
            wanted: Which.
            cursor: ``next_cursor`` of the step before.
            limit: Articles to look at.
            dry_run: Change nothing.

        Raises:
            BadCursor: The cursor was not given out by `step`.
        """
        refs, next_cursor = self._listing.refs(wanted.query, cursor, limit)
        states = self._states(refs, wanted.stage)
        matching = {
            ref: state for ref, (state, version) in zip(refs, states, strict=True) if _matches(wanted, state, version)
        }
        verdicts = Counter(self._send(matching, wanted.stage, dry_run=dry_run))
        return Step(len(refs), tuple(matching), verdicts, next_cursor)

    def _states(self, refs: Sequence[Ref], stage: StageName) -> list[tuple[str, int]]:
        """State of each revision, and the version of the stage that ran on it; 0 if it did not."""
        pipe = self._client.pipeline(transaction=False)
        for ref in refs:
            pipe.hmget(self._keys.record(ref), "state", f"record:{stage}")
        with translated():
            rows: Any = pipe.execute()
        return [
            ((state or b"").decode(), int(json.loads(record)["version"]) if record else 0) for state, record in rows
        ]

    def _send(self, matching: dict[Ref, str], stage: StageName, *, dry_run: bool) -> list[str]:
        index = STAGES.index(stage)
        later = [name.value for name in STAGES[index:]]
        pipe = self._client.pipeline(transaction=False)
        for ref, state in matching.items():
            self._scripts.run("reprocess", str(ref), index, state, "dry" if dry_run else "go", *later, pipe=pipe)
        with translated():
            return [reply.decode() for reply in pipe.execute()]


def _matches(wanted: Reprocessing, state: str, version: int) -> bool:
    newer = wanted.before_version is not None and version >= wanted.before_version
    return state in REPROCESSABLE and not newer
