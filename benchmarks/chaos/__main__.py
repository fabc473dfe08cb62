"""``make chaos``: accepted articles under kill -9, frozen workers, cut connections, Redis crashes and broker flushes.

For each seed the same script of faults hits Dateline and a control of plain Celery chains. Submission goes on through
the faults; Redis writes every change to disk before it answers (``appendfsync always``). Then both are left alone until
nothing more happens. Dateline must lose nothing, publish nothing twice, and have one original for each pair of copies.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import redis
from kombu.exceptions import KombuError
from rich.console import Console

from benchmarks.articles import submissions
from benchmarks.chaos import control
from benchmarks.chaos.faults import play, script
from benchmarks.chaos.fleet import Fleet
from benchmarks.report import Report
from schemas import FeedEntry, Lane, Ref, Relation, Result, Submission
from store import START, NewArticle, Store, StoreUnavailable

WORKERS, BATCH = 3, 20
SETTINGS = {
    "DATELINE_WORKER_CONCURRENCY": "2",
    "DATELINE_LEASE": "3",
    "DATELINE_KEEPER_INTERVAL": "0.5",
    "DATELINE_CLAIM_ARTICLES": "16",
    "DATELINE_MAX_DELIVERIES": "8",
    "DATELINE_LOG_FORMAT": "json",
}
SETTLE_S, QUIET_S = 120.0, 15.0
GATES = {name: {"max": 0} for name in ("lost", "published_twice", "out_of_order", "double_originals", "unsound")} | {
    "recovery_s_max": {"max": 60},
    "control_lost_or_doubled": {"min": 1},
}
_say = Console(stderr=True).print


@dataclass(frozen=True)
class Plan:
    """One run."""

    seed: int
    articles: int
    faults: int


@contextmanager
def fleet(module: str) -> Iterator[Fleet]:
    """A fleet that ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        made = Fleet(Path(folder), module, SETTINGS, WORKERS)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def under_fire(made: Fleet, plan: Plan, submit: Callable[[int], None]) -> None:
    """Submit everything while the faults happen."""
    faults = script(plan.seed, plan.faults, WORKERS)
    pause = sum(fault.after_s for fault in faults) / plan.articles

    def feed() -> None:
        for number in range(plan.articles):
            submit(number)
            time.sleep(pause)

    with ThreadPoolExecutor(1) as pool:
        feeding = pool.submit(feed)
        seen = Counter(fault.kind for fault in play(made, faults))
        feeding.result()
    _say(f"seed {plan.seed}, {made.module}: {', '.join(f'{n} x {kind}' for kind, n in sorted(seen.items()))}")


def until(done: Callable[[], bool], made: Fleet, seconds: float) -> float:
    """Wait for it, with workers started again as they end; returns the seconds that it took."""
    started = time.monotonic()
    while time.monotonic() < started + seconds:
        try:
            if done():
                break
        except (redis.RedisError, StoreUnavailable):
            pass
        made.heal()
        time.sleep(0.2)
    return time.monotonic() - started


def copies(count: int, seed: int) -> list[NewArticle]:
    """Articles of which every fourth is a copy of the one before it, on another site."""
    made: list[NewArticle] = []
    for number, item in enumerate(submissions(count, words=120, seed=seed)):
        text = made[-1].submission.text if number % 4 == 1 else item["text"]
        fields: dict[str, Any] = {**item, "text": text}
        made.append(NewArticle(Submission.model_validate(fields), Lane.BULK if number % 3 else Lane.LIVE, "chaos"))
    return made


def dateline(plan: Plan) -> dict[str, float]:
    """One run of Dateline."""
    articles, accepted = copies(plan.articles, plan.seed), {}
    with fleet("benchmarks.chaos.worker") as made:
        store = Store.open(made.url(0))

        def submit(number: int) -> None:
            while number not in accepted:
                try:
                    accepted[number] = store.ledger.accept([articles[number]])[0].ref
                except StoreUnavailable:
                    time.sleep(0.1)

        under_fire(made, plan, submit)
        recovery = until(lambda: store.ledger.backlog().pending == 0, made, SETTLE_S)
        return {"recovery_s_max": recovery, **judged(store, list(accepted.values()))}


def judged(store: Store, accepted: list[Ref]) -> dict[str, float]:
    """What became of the accepted articles."""
    entries: list[FeedEntry] = []
    cursor, more = START, True
    while more:
        page = store.feed.page(cursor, 1_000)
        entries += page.items
        cursor, more = page.next_cursor, page.more
    told = Counter(Ref(entry.article_id, entry.revision) for entry in entries)
    results = [store.results.get(ref.article_id, ref.revision) for ref in accepted]
    pairs = [(first, second) for first, second in zip(results[0::4], results[1::4], strict=False)]
    finished = [entry.finished_at for entry in entries]
    return {
        "lost": sum(ref not in told for ref in accepted),
        "published_twice": sum(count - 1 for count in told.values()),
        "out_of_order": sum(later < earlier for earlier, later in pairwise(finished)),
        "double_originals": sum(_is_original(first) and _is_original(second) for first, second in pairs),
        "unsound": len(store.verify().findings),
    }


def _is_original(article: object) -> bool:
    found = article.duplicates if isinstance(article, Result) else None
    return found is not None and found.relation is Relation.ORIGINAL


def plain_chains(plan: Plan) -> dict[str, float]:
    """One run of the control: it is left alone until its count has stood still for a while."""
    with fleet("benchmarks.chaos.control") as made:
        app = control.create(made.url(1))

        def submit(number: int) -> None:
            while True:
                try:
                    control.send(app, number)
                except (OSError, KombuError, redis.RedisError):
                    time.sleep(0.1)
                else:
                    return

        under_fire(made, plan, submit)
        client, last = made.client(0), [0, time.monotonic()]

        def quiet() -> bool:
            count = int(client.hlen(control.RESULTS))
            if count != last[0]:
                last[:] = count, time.monotonic()
            return count >= plan.articles or time.monotonic() - last[1] > control.VISIBILITY_S + QUIET_S

        until(quiet, made, 2 * SETTLE_S)
        counted: Any = client.hgetall(control.RESULTS)
        times = [int(value) for value in counted.values()]
        app.close()
        return {"control_lost": plan.articles - len(times), "control_doubled": sum(n - 1 for n in times)}


def main() -> int:
    """Run the seeds and publish what they add up to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_500, help="articles in each run")
    parser.add_argument("--faults", type=int, default=70, help="faults in each run")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that whatever was started here ends with it
    total: Counter[str] = Counter()
    recovery = 0.0
    for seed in options.seeds:
        plan = Plan(seed, options.articles, options.faults)
        ours = dateline(plan)
        recovery = max(recovery, ours.pop("recovery_s_max"))
        total.update({name: int(value) for name, value in {**ours, **plain_chains(plan)}.items()})
    runs = len(options.seeds)
    metrics = {
        "articles": options.articles * runs,
        "faults": options.faults * runs,
        **{name: float(total[name]) for name in ("lost", "published_twice", "out_of_order", "double_originals")},
        "unsound": float(total["unsound"]),
        "recovery_s_max": recovery,
        "control_lost": float(total["control_lost"]),
        "control_doubled": float(total["control_doubled"]),
        "control_lost_or_doubled": float(total["control_lost"] + total["control_doubled"]),
    }
    return Report("chaos", metrics, GATES, {"seeds": " ".join(map(str, options.seeds))}).publish()


if __name__ == "__main__":
    sys.exit(main())
