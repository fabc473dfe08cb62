"""Counters of events, raised by the scripts in the same step as the event, so that they are exact and survive restarts.

They are fields of one hash (`Keys.figures`):

=========================================  ==============================================================
``answer:<answer>``                        submissions, by what the ledger did with them
``claims``, ``claimed``                    batches that were claimed, articles in them
``stage:<stage>:<status>:<bound>``         articles that passed a stage, by the class of its duration (ms)
``stage:<stage>:us``                       how long that took in all (microseconds)
``retried:<stage>``                        delays after passing faults
``quarantined:<stage>``                    articles that a stage gave up
``lost``, ``expired``                      deliveries that ended with a dead worker, leases that ran out
``outcome:<outcome>``                      other outcomes than results: quarantined, withdrawn
``result:<outcome>:<relation>:<found>+…``  results, by what dedupe and the other stages found
``took:<lane>:<bound>``                    results, by the class of the time from acceptance to outcome (ms)
``took:<lane>:ms``                         how long that took in all
=========================================  ==============================================================

Rates and coverage of late come from copies of the hash that are kept every ten seconds for a quarter of an hour.
"""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

from schemas import (
    Answer,
    CoverageShares,
    Covered,
    Figures,
    Lane,
    Outcome,
    Passage,
    Relation,
    StageName,
    StageRecord,
    StageStatus,
    Window,
    Windows,
)
from store._scripts import Scripts
from store.errors import translated

STAGE_BOUNDS_MS: Final = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
"""Upper bounds of the histogram of stage durations, of an article's share of its batch. A page takes 30 ms to clean,
the entities of 500 words 50 ms."""
TOOK_BOUNDS_MS: Final = (100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000, 7_200_000)
"""Upper bounds of the histogram of times from acceptance to outcome, as in publish.lua."""
_BEYOND: Final = "inf"
_MINUTE_MS: Final = 60_000
_QUARTER_MS: Final = 900_000
_NOTHING: Final = "-"

Counted = Mapping[str, int]


def stage_figure(record: StageRecord) -> tuple[str, int]:
    """The name under which a stage's commit is counted, and how many microseconds it took."""
    index = bisect_left(STAGE_BOUNDS_MS, record.milliseconds)
    return _stage_name(record.stage, record.status, index), round(record.milliseconds * 1000)


@cache
def _stage_name(stage: StageName, status: StageStatus, index: int) -> str:
    bound = STAGE_BOUNDS_MS[index] if index < len(STAGE_BOUNDS_MS) else _BEYOND
    return f"stage:{stage}:{status}:{bound}"


@cache
def published_figure(outcome: Outcome, relation: Relation | None, found: frozenset[Covered]) -> str:
    """The name under which a result is counted."""
    return f"result:{outcome}:{relation or _NOTHING}:{'+'.join(sorted(found)) or _NOTHING}"


@dataclass(frozen=True, slots=True)
class Histogram:
    """Number of durations in each class, the open class last, and their sum."""

    bounds_ms: Sequence[int]
    counts: Sequence[int]
    sum_ms: float

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.counts)

    def quantile_ms(self, share: float) -> float:
        """The duration below which a share lies, interpolated within its class; the last bound for the open class."""
        wanted = share * self.count
        reached = list(accumulate(self.counts))
        index = next(i for i, total in enumerate(reached) if total >= wanted and self.counts[i])
        if index == len(self.bounds_ms):
            return float(self.bounds_ms[-1])
        low = self.bounds_ms[index - 1] if index else 0
        inside = (wanted - reached[index] + self.counts[index]) / self.counts[index]
        return low + inside * (self.bounds_ms[index] - low)


def took(counted: Counted, lane: Lane) -> Histogram:
    """From acceptance to outcome, in a lane."""
    counts = [counted.get(f"took:{lane}:{bound}", 0) for bound in (*TOOK_BOUNDS_MS, _BEYOND)]
    return Histogram(TOOK_BOUNDS_MS, counts, counted.get(f"took:{lane}:ms", 0))


def stage_durations(counted: Counted, stage: StageName) -> Histogram:
    """An article's share of its batch in a stage, for all statuses."""
    bounds = (*STAGE_BOUNDS_MS, _BEYOND)
    counts = [sum(counted.get(f"stage:{stage}:{status}:{b}", 0) for status in StageStatus) for b in bounds]
    return Histogram(STAGE_BOUNDS_MS, counts, counted.get(f"stage:{stage}:us", 0) / 1000)


@dataclass(frozen=True, slots=True)
class Published:
    """Numbers of results by outcome, by relation and by what was found."""

    outcomes: Counter[str]
    relations: Counter[str]
    covered: Counter[str]

    @classmethod
    def of(cls, counted: Counted) -> "Published":
        """Parse the names of the counters."""
        found = cls(Counter(), Counter(), Counter())
        for name, number in counted.items():
            kind, *parts = name.split(":")
            if kind == "result":
                outcome, relation, things = parts
                found.outcomes[outcome] += number
                found.relations[relation] += number
                found.covered.update(dict.fromkeys(things.split("+"), number))
        return found


def _passage(times: Histogram) -> Passage | None:
    if not times.count:
        return None
    return Passage(
        articles=times.count,
        mean_seconds=round(times.sum_ms / times.count / 1000, 3),
        median_seconds=round(times.quantile_ms(0.5) / 1000, 3),
        p95_seconds=round(times.quantile_ms(0.95) / 1000, 3),
    )


def _shares(results: Published) -> CoverageShares | None:
    articles = sum(results.outcomes.values())
    if not articles:
        return None
    shares = {thing.value: round(results.covered[thing] / articles, 4) for thing in Covered}
    return CoverageShares(articles=articles, **shares)


def figures(counted: Counted) -> Figures:
    """The counters as a model."""
    get, results = counted.get, Published.of(counted)
    passed = {
        stage: {
            status: sum(get(f"stage:{stage}:{status}:{bound}", 0) for bound in (*STAGE_BOUNDS_MS, _BEYOND))
            for status in StageStatus
            # A failed article is delayed or quarantined; it does not pass the stage.
            if status is not StageStatus.FAILED
        }
        for stage in StageName
    }
    return Figures(
        answers={answer: get(f"answer:{answer}", 0) for answer in Answer},
        outcomes={outcome: get(f"outcome:{outcome}", 0) + results.outcomes[outcome] for outcome in Outcome},
        retries={stage: get(f"retried:{stage}", 0) for stage in StageName},
        quarantined={stage: get(f"quarantined:{stage}", 0) for stage in StageName},
        lost=get("lost", 0),
        expired=get("expired", 0),
        claims=get("claims", 0),
        claimed=get("claimed", 0),
        stages=passed,
        relations={relation: results.relations[relation] for relation in Relation},
        unrelated=results.relations[_NOTHING],
        covered={thing: results.covered[thing] for thing in Covered},
        coverage=_shares(results),
        passage={lane: _passage(took(counted, lane)) for lane in Lane},
    )


def _since(now: Counted, then: Counted) -> dict[str, int]:
    """The increase of each counter; 0 if counters were reset in between."""
    return {name: max(0, number - then.get(name, 0)) for name, number in now.items()}


def _window(at_ms: int, counted: Counted, copy: bytes) -> Window:
    then_ms, flat = json.loads(copy) if copy else (at_ms, [])
    then = _paired(flat) if copy else counted
    between, seconds = figures(_since(counted, then)), (at_ms - then_ms) / 1000
    accepted = between.answers[Answer.ACCEPTED] + between.answers[Answer.REVISED]

    def rate(number: int) -> float | None:
        return round(number / seconds, 3) if seconds > 0 else None

    return Window(
        seconds=seconds,
        accepted_per_second=rate(accepted),
        finished_per_second=rate(sum(between.outcomes.values())),
        figures=between,
    )


def _paired(flat: Sequence[bytes | str]) -> dict[str, int]:
    text = [item.decode() if isinstance(item, bytes) else item for item in flat]
    return {name: int(number) for name, number in zip(text[::2], text[1::2], strict=True)}


class FigureBook:
    """Reads the counters, and keeps copies of them for rates."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def keep(self) -> None:
        """Keep a copy if the last one is at least ten seconds old."""
        with translated():
            self._scripts.run("figures")

    def counted(self) -> dict[str, int]:
        """All counters by their names in the store."""
        with translated():
            _, flat = self._scripts.run("figures")
        return _paired(flat)

    def read(self) -> tuple[Figures, Windows]:
        """All counters, and those of recent periods."""
        counted, last = self.looked_at()
        return figures(counted), last

    def looked_at(self) -> tuple[dict[str, int], Windows]:
        """The same as `read`, with the counters by their names in the store."""
        with translated():
            at, flat, minute, quarter = self._scripts.run("figures", _MINUTE_MS, _QUARTER_MS)
        counted = _paired(flat)
        return counted, Windows(minute=_window(int(at), counted, minute), quarter=_window(int(at), counted, quarter))
