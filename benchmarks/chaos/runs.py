"""The runs: Dateline under faults, the control under the same ones, and poison."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from kombu.exceptions import KombuError
from rich.console import Console

from benchmarks.articles import submissions
from benchmarks.chaos import control
from benchmarks.chaos.crowd import Push, Reader, Scraper, pushes, written
from benchmarks.chaos.faults import Fault, play
from benchmarks.chaos.fleet import Fleet
from benchmarks.chaos.judging import judged, whole_feed
from benchmarks.report import FOLDER
from schemas import Lane, Outcome, Ref, RetryLater, Submission
from store import NewArticle, Store

WORKERS = 4
_SCRAPERS = 3
SETTINGS = {
    "DATELINE_WORKER_CONCURRENCY": "1",
    "DATELINE_LEASE": "3",
    "DATELINE_KEEPER_INTERVAL": "0.5",
    "DATELINE_MAX_DELIVERIES": "8",
    "DATELINE_LOG_FORMAT": "json",
    "OMP_NUM_THREADS": "1",
}
SHARED = "clean,dedupe"
"""The stages that read foreign input or write to shared indexes: in most runs only these are real."""
EVERY = "clean,entities,geotag,dedupe"
RECOGNIZER = "onnx:fast"
_SETTLE_S, _QUIET_S = 120.0, 15.0
_say = Console(stderr=True).print


@dataclass(frozen=True)
class Plan:
    """One run under faults."""

    seed: int
    articles: int
    faults: tuple[Fault, ...]
    stages: str = SHARED
    """The real ones among Dateline's stages; the others only take a moment."""


@contextmanager
def fleet(module: str, *, with_api: bool, size: int = WORKERS, **settings: str) -> Iterator[Fleet]:
    """A fleet that ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        made = Fleet(Path(folder), module, {**SETTINGS, **settings}, size, with_api)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def under_fire(made: Fleet, plan: Plan, feed: Callable[[float], None]) -> None:
    """Let everything be pushed while the faults happen; ``feed`` is told for how long."""
    seconds = sum(fault.after_s for fault in plan.faults)
    with ThreadPoolExecutor(1) as pool:
        feeding = pool.submit(feed, seconds)
        seen = Counter(fault.kind for fault in play(made, plan.faults))
        while not feeding.done():
            made.heal()
            time.sleep(0.1)
        feeding.result()
    _say(f"seed {plan.seed}, {made.module}: {', '.join(f'{n} x {kind}' for kind, n in sorted(seen.items()))}")


def until(done: Callable[[], bool], made: Fleet, seconds: float) -> float:
    """Wait for it, with what ends started again; returns the seconds that it took."""
    started = time.monotonic()
    while time.monotonic() < started + seconds:
        try:
            if done():
                break
        except (redis.RedisError, RetryLater):
            pass
        made.heal()
        time.sleep(0.1)
    return time.monotonic() - started


class Recovery:
    """How soon outcomes come again after the last fault, and when everything has one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._began = time.monotonic()
        self._feed: int | None = None
        self.starts_s = 0.0
        self.takes_s = 0.0
        """Seconds by the same clock until it was over, or until it was last looked at."""

    def is_over(self) -> bool:
        """Whether nothing is pending."""
        backlog = self._store.ledger.backlog()
        if self._feed is None:
            self._feed = backlog.feed
        self.takes_s = time.monotonic() - self._began
        if not self.starts_s and (backlog.feed > self._feed or not backlog.pending):
            self.starts_s = self.takes_s
        return not backlog.pending


def copies(count: int, seed: int) -> list[Submission]:
    """Articles of which every fourth is a copy of the one before it, on another site."""
    made: list[Submission] = []
    for number, item in enumerate(submissions(count, words=120, seed=seed)):
        fields: dict[str, Any] = {**item, "text": made[-1].text if number % 4 == 1 else item["text"]}
        made.append(Submission.model_validate(fields))
    return made


def push_all(made: Fleet, wanted: Sequence[Push], seconds: float, accepted: dict[str | None, Ref]) -> int:
    """Push with several scrapers, evenly over the time; returns how many requests had to be repeated.

    What is accepted is noted by its URL.
    """

    def work(number: int) -> int:
        scraper = Scraper(made.api_url)
        mine = wanted[number::_SCRAPERS]
        started = time.monotonic()
        for index, push in enumerate(mine):
            time.sleep(max(0.0, started + seconds * index / len(mine) - time.monotonic()))
            refs = scraper.push(push)
            accepted.update({article.url: ref for article, ref in zip(push.articles, refs, strict=True)})
        scraper.close()
        return scraper.repeated

    with ThreadPoolExecutor(_SCRAPERS) as pool:
        return sum(pool.map(work, range(_SCRAPERS)))


def dateline(plan: Plan, *, size: int = WORKERS) -> dict[str, float]:
    """One run of Dateline."""
    articles, repeated = copies(plan.articles, plan.seed), [0]
    accepted: dict[str | None, Ref] = {}
    wanted = list(pushes(articles))
    own = {"DATELINE_CHAOS_STAGES": plan.stages, "DATELINE_RECOGNIZER": RECOGNIZER}
    with fleet("benchmarks.chaos.worker", with_api=True, size=size, **own) as made:
        store = Store.open(made.redis.url(0))
        reader = Reader(Store.open(made.redis.url(0)))
        reader.start()

        def feed(seconds: float) -> None:
            repeated[0] = push_all(made, wanted, seconds, accepted)

        under_fire(made, plan, feed)
        recovery = Recovery(store)
        until(recovery.is_over, made, _SETTLE_S if plan.stages != EVERY else 3 * _SETTLE_S)
        seen = reader.finish()
        ordered = [accepted[article.url] for article in articles]
        pairs = list(zip(ordered[0::4], ordered[1::4], strict=False))
        found = judged(store, ordered, pairs, seen)
        if any(found.values()):
            _keep(made, store, seen, FOLDER / "chaos" / f"seed-{plan.seed}")
        return {
            "recovery_s": recovery.takes_s,
            "recovery_starts_s": recovery.starts_s,
            "repeated_requests": repeated[0],
            **found,
        }


def _keep(made: Fleet, store: Store, seen: Any, where: Path) -> None:
    """Keep what tells why a run failed: every log, the append-only file, and both views of the feed."""
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    (where / "feed").write_text(written(whole_feed(store)))
    (where / "feed-as-followed").write_text(written(seen))
    (where / "findings").write_text("\n".join(map(str, store.verify().findings)))
    for path in [*made.folder.glob("*.log"), made.redis.log]:
        shutil.copy(path, where)
    _say(f"[red]the promises were broken:[/] logs are in {where}")


def plain_chains(plan: Plan) -> dict[str, float]:
    """One run of the control: it is left alone until its count has stood still for a while."""
    with fleet("benchmarks.chaos.control", with_api=False) as made:
        app = control.create(made.redis.url(1))

        def send(number: int) -> None:
            while True:
                try:
                    control.send(app, number)
                except (OSError, KombuError, redis.RedisError):
                    time.sleep(0.1)
                else:
                    return

        def feed(seconds: float) -> None:
            started = time.monotonic()
            for number in range(plan.articles):
                time.sleep(max(0.0, started + seconds * number / plan.articles - time.monotonic()))
                send(number)

        under_fire(made, plan, feed)
        client, last = made.redis.client(0), [0, time.monotonic()]

        def quiet() -> bool:
            count: Any = client.hlen(control.RESULTS)
            if count != last[0]:
                last[:] = count, time.monotonic()
            return count >= plan.articles or time.monotonic() - last[1] > control.VISIBILITY_S + _QUIET_S

        until(quiet, made, 2 * _SETTLE_S)
        counted: Any = client.hgetall(control.RESULTS)
        times = [int(value) for value in counted.values()]
        app.close()
        return {"control_lost": plan.articles - len(times), "control_doubled": sum(n - 1 for n in times)}


def poison(culprits: int, articles: int) -> dict[str, float]:
    """Articles that kill the process which works on them, among others in batches."""
    every = articles // culprits
    texts = [
        f"entities:kill {n}" if n % every == every // 2 else f"A good article, number {n}." for n in range(articles)
    ]
    items = [Submission.model_validate({"url": f"https://x.example/{n}", "text": text}) for n, text in enumerate(texts)]
    with fleet(
        "benchmarks.chaos.worker",
        with_api=False,
        DATELINE_CHAOS_STAGES="",
        DATELINE_CLAIM_ARTICLES="32",
        DATELINE_MAX_DELIVERIES="3",
    ) as made:
        store = Store.open(made.redis.url(0))
        refs = [answer.ref for answer in store.ledger.accept([NewArticle(item, Lane.BULK, "chaos") for item in items])]
        started = time.monotonic()
        until(lambda: store.ledger.backlog().pending == 0, made, 3 * _SETTLE_S)
        seconds = time.monotonic() - started
        backlog = store.ledger.backlog()
        wanted = {ref for ref, text in zip(refs, texts, strict=True) if "kill" in text}
        entries = store.quarantine.list(articles)
        told = sum(e.failure.error == "DeliveryLimit" and bool(e.failure.worker) for e in entries if e.ref in wanted)
        # One more article shows that workers take work after all that.
        store.ledger.accept([NewArticle(Submission(text="The last one."), Lane.LIVE, "chaos")])
        back = until(lambda: store.ledger.backlog().pending == 0, made, _SETTLE_S)
        sound = store.verify().sound
    done, quarantined = backlog.outcome(Outcome.DONE), backlog.outcome(Outcome.QUARANTINED)
    return {
        "poison_articles": articles,
        "poison_done": done,
        "poison_quarantined": quarantined,
        "poison_s": seconds,
        "poison_workers_back_s": back,
        "poison_wrong": (articles - culprits - done) + (culprits - told) + (not sound),
    }
