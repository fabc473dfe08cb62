"""``make bench-durability``: what a power cut takes with ``appendfsync always`` and ``everysec``, and what they cost.

`kill -9` of Redis alone shows little: what it has written stays in the kernel. So a shim notes up to which byte the
append-only file was forced to disk, and after the kill the file is cut off there: that is what a power cut would leave.
Several threads submit all the time; whatever was acknowledged before a cut must be there after it, or is counted.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.articles import submissions
from benchmarks.chaos.redis_process import RedisProcess, Sync
from benchmarks.chaos.shim import Shim
from benchmarks.report import Report
from schemas import Lane, Ref, RetryLater, Submission
from store import NewArticle, Store

_THREADS = 4
_CUTS = 4
_MOST_WINDOW_S = 2.0
"""Redis forces once a second, and waits for a slow disk for one second more."""


@dataclass
class Load:
    """Submissions that go on through every power cut."""

    store: Store
    articles: list[NewArticle]
    acknowledged: dict[Ref, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, number: int) -> None:
        """Submit one article until it is acknowledged; note when that was."""
        while True:
            try:
                ref = self.store.ledger.accept([self.articles[number]])[0].ref
            except RetryLater:
                time.sleep(0.02)
                continue
            with self._lock:
                self.acknowledged[ref] = time.monotonic()
            return

    def missing(self, known: dict[Ref, float]) -> list[Ref]:
        """Those of the acknowledged articles that are not there."""
        refs = list(known)
        pipe = self.store.client.pipeline(transaction=False)
        for ref in refs:
            pipe.exists(self.store.keys.record(ref))
        return [ref for ref, there in zip(refs, pipe.execute(), strict=True) if not there]


def _power_cut(server: RedisProcess, shim: Shim, load: Load) -> tuple[int, float]:
    """Cut the power and start again; returns how many acknowledged articles are lost, and the age of the oldest one."""
    known = dict(load.acknowledged)
    server.kill()
    at = time.monotonic()
    with server.log.open("r+b") as log:
        log.truncate(shim.synced_bytes())
    server.start()
    lost = load.missing(known)
    for ref in lost:
        del load.acknowledged[ref]
    return len(lost), max((at - known[ref] for ref in lost), default=0.0)


@dataclass(slots=True)
class Cuts:
    """What the power cuts so far cost."""

    lost: int = 0
    window_s: float = 0.0
    """Greatest age of an acknowledged article that was lost."""
    submitting_s: float = 0.0
    """Time in which articles were submitted before the cuts."""


def _submit(load: Load, numbers: range, meanwhile: Callable[[], None]) -> None:
    """Submit articles from many threads, and do something while they run."""
    with ThreadPoolExecutor(_THREADS) as pool:
        running = [pool.submit(load.submit, number) for number in numbers]
        meanwhile()
        for each in running:
            each.result()


def _cut_in_the_middle(server: RedisProcess, shim: Shim, load: Load, numbers: range, cuts: Cuts) -> None:
    """Cut the power when three quarters are acknowledged: the others have to go on after the cut."""
    started = time.monotonic()
    while len(load.acknowledged) + cuts.lost < numbers.start + len(numbers) * 3 // 4:
        time.sleep(0.001)
    cuts.submitting_s += time.monotonic() - started
    lost, age = _power_cut(server, shim, load)
    cuts.lost, cuts.window_s = cuts.lost + lost, max(cuts.window_s, age)


def measured(sync: Sync, articles: list[NewArticle]) -> dict[str, float]:
    """Submit everything with power cuts in between."""
    share, cuts = len(articles) // (_CUTS + 1), Cuts()
    with tempfile.TemporaryDirectory() as folder:
        shim = Shim.built(Path(folder))
        if shim is None:
            raise SystemExit("A power cut can only be simulated with a C compiler: install gcc.")
        with RedisProcess.running(Path(folder), sync, shim.environment) as server:
            load = Load(Store.open(server.url(0)), articles)
            for cut in range(_CUTS):
                numbers = range(cut * share, (cut + 1) * share)
                _submit(load, numbers, partial(_cut_in_the_middle, server, shim, load, numbers, cuts))
            _submit(load, range(_CUTS * share, len(articles)), lambda: None)
            load.store.close()
    return {
        f"{sync}_acknowledged": float(len(load.acknowledged) + cuts.lost),
        f"{sync}_power_cuts": float(_CUTS),
        f"{sync}_lost": float(cuts.lost),
        f"{sync}_window_s_max": cuts.window_s,
        f"{sync}_accepted_per_s": _CUTS * share * 3 / 4 / cuts.submitting_s,
    }


def main() -> int:
    """Measure both and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    count = parser.parse_args().articles
    items = submissions(count, words=300, seed=9)
    articles = [NewArticle(Submission.model_validate(item), Lane.LIVE, "bench") for item in items]
    metrics = measured("always", articles) | measured("everysec", articles)
    gates = {"always_lost": {"max": 0.0}, "everysec_window_s_max": {"max": _MOST_WINDOW_S}}
    return Report("durability", metrics, gates).publish()


if __name__ == "__main__":
    sys.exit(main())
