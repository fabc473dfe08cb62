"""What traces cost: tracing off, on for one article of a hundred, on for all, and for all with nobody to take them.

``make bench-tracing``. Four systems stand side by side (API, queue, a worker whose stages do nothing, two Redis
servers) and get the same batch in turn, so that a machine that is busy with something else spoils all of them alike.
CPU time is summed over all their processes; the collector's own is not among it.
"""

import argparse
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from statistics import median

from benchmarks.loopback import Answering, serving
from benchmarks.pipeline import bulk, push
from benchmarks.report import Gates, Report
from benchmarks.system import running
from schemas import Ref, StageName, StageRecord, StageStatus, State, Trace
from store import Advance, Loaded, Verdict
from tasks.tracing import UNTRACED, StageSpans

GATES: Gates = {
    "off_us_per_article": {"max": 50},
    "ratio_001_to_off": {"max": 1.2},
    "away_to_on": {"max": 1.3},
}
_WARM_UP = 64
_RATIO = 0.01
_SENT_S = 6.0
"""After so long the last spans are on their way."""


@contextmanager
def collector() -> Iterator[tuple[str, list[int]]]:
    """An address that takes what is sent and forgets it, and the sizes of what it took."""
    sizes: list[int] = []

    class Handler(Answering):
        def respond(self) -> None:
            sizes.append(len(self.read_body()))
            self.answer(200)

    with serving(Handler) as address:
        yield address, sizes


@contextmanager
def silent() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def _on(address: str, ratio: float) -> dict[str, str]:
    return {
        "DATELINE_TRACING": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": str(ratio),
    }


def side_by_side(count: int, rounds: int) -> dict[str, float]:
    """CPU milliseconds per article of the four ways."""
    with ExitStack() as stack:
        address, sizes = stack.enter_context(collector())
        nobody = stack.enter_context(silent())
        ways = {"off": {}, "ratio_001": _on(address, _RATIO), "on": _on(address, 1), "away": _on(nobody, 1)}
        systems = {name: stack.enter_context(running("fake_worker", **own)) for name, own in ways.items()}
        for system in systems.values():
            push(system, _WARM_UP, seed=1)
        before = sum(sizes)
        costs: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(rounds):
            for name, system in systems.items():
                costs[name].append(bulk(system, count, seed=10 + turn)["ms"])
        time.sleep(_SENT_S)
        sent = (sum(sizes) - before) / (rounds * count * (1 + _RATIO))
    off = costs["off"]
    ratios = {
        f"{name}_to_off": median(a / b for a, b in zip(costs[name], off, strict=True)) for name in ("ratio_001", "on")
    }
    away = {"away_to_on": median(a / b for a, b in zip(costs["away"], costs["on"], strict=True))}
    return (
        {f"{name}_ms_per_article": median(times) for name, times in costs.items()}
        | ratios
        | away
        | {"bytes_per_sampled_article": sent}
    )


def off_us(articles: int = 20_000) -> float:
    """Microseconds that an article costs in its four stages when nobody traces it."""
    now = datetime.now(UTC)
    row = Loaded(Ref("a", 1), State.LEASED, "1", 0, 1, 0, 0, now, None, Trace.fresh(), now, None)
    record = StageRecord(
        stage=StageName.CLEAN, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at=now
    )
    advance = Advance(row.ref, record, None)
    started = time.process_time()
    spans = StageSpans(UNTRACED, StageName.CLEAN, "1")
    for _ in range(articles):
        spans.waited(row)
        for _ in StageName:
            spans.done(row, advance, Verdict.COMMITTED, 0)
    return (time.process_time() - started) * 1e6 / articles


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=384, help="articles in each batch")
    parser.add_argument("--rounds", type=int, default=7, help="batches for each of the four ways")
    options = parser.parse_args()
    metrics = {"off_us_per_article": off_us(), **side_by_side(options.articles, options.rounds)}
    data = {"articles": str(options.articles), "rounds": str(options.rounds)}
    return Report("tracing", metrics, GATES, data).publish()


if __name__ == "__main__":
    sys.exit(main())
