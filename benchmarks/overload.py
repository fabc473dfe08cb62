"""What overload does: live latency under a bulk flood, a lane that closes and opens, a full Redis and room again.

``make bench-overload``. The flood is put into the ledger directly, since what the API would say to it is measured
apart; live articles go through the API, one at a time, from the POST to the outcome. With ``--shared`` the live lane
has no worker of its own. The second half runs stages that do nothing: only Redis and the queue are at work.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from statistics import median, quantiles

import httpx

from benchmarks.articles import submissions
from benchmarks.pipeline import live, push
from benchmarks.report import Gates, Report
from benchmarks.system import running
from schemas import Lane, Outcome, Submission
from store import NewArticle, Store

GATES: Gates = {
    "live_ms_p95_ratio": {"max": 2.0},
    "full_lost": {"max": 0},
    "full_findings": {"max": 0},
    "full_resumed_s": {"max": 10},
}
_CHUNK = 500
_TEXTS = 200
"""Different texts in the flood; each article differs from all others by a number of its own."""
_WAIT_S = 120.0


def flood(store: Store, count: int) -> None:
    """Let so many bulk articles wait."""
    texts = list(submissions(_TEXTS, seed=7))
    numbers = iter(range(count))
    while chunk := list(islice(numbers, _CHUNK)):
        store.ledger.accept([NewArticle(_numbered(texts[n % _TEXTS], n), Lane.BULK, "") for n in chunk])


def _numbered(item: dict[str, str], number: int) -> Submission:
    own = {"url": f"https://flood.example/{number}", "text": f"{item['text']}\n\nIt was number {number} of them."}
    return Submission.model_validate(item | own)


def latency(waiting: int, count: int, *, shared: bool) -> dict[str, float]:
    """Live latency on the idle system, and while bulk articles wait."""
    with running("workers") as system:
        if not shared:
            system.start_live_worker()
        push(system, 32, seed=10)
        live(system, 10, seed=11)
        idle = live(system, count, seed=12)
        store = system.store()
        flood(store, waiting)
        live(system, 5, seed=13)
        busy = live(system, count, seed=14)
        left = store.ledger.backlog().waiting[Lane.BULK]
        store.close()
    return {
        "live_ms_p50_idle": median(idle),
        "live_ms_p95_idle": quantiles(idle, n=20)[-1],
        "live_ms_p50_flooded": median(busy),
        "live_ms_p95_flooded": quantiles(busy, n=20)[-1],
        "live_ms_p95_ratio": quantiles(busy, n=20)[-1] / quantiles(idle, n=20)[-1],
        "bulk_waiting_at_the_end": left,
        "bulk_done_meanwhile": waiting - left,
    }


def post(client: httpx.Client, item: dict[str, str]) -> httpx.Response:
    """Submit one article on the live lane."""
    return client.post("/v1/articles", content=json.dumps(item), headers={"Content-Type": "application/json"})


def _settled(store: Store, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while store.ledger.backlog().pending:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def full_store(tries: int) -> dict[str, float]:
    """Fill Redis in the middle of the work, refuse, make room; count what was accepted and what came of it."""
    with running("fake_worker") as system:
        push(system, 32, seed=20)
        store = system.store()
        accepted = store.ledger.backlog().accepted
        items = submissions(tries + 2_000, words=100, seed=21)
        with httpx.Client(base_url=system.api, trust_env=False, timeout=30) as client:
            codes = _submit_into(client, store, items, tries)
            resumed = _make_room(client, store, items)
        settled = _settled(store, _WAIT_S)
        backlog, verification = store.ledger.backlog(), store.verify()
        store.close()
    promised = accepted + codes[202] + 1
    outcomes = sum(backlog.outcome(outcome) for outcome in Outcome)
    return {
        "full_accepted": codes[202],
        "full_refused": codes[503],
        "full_other_answers": sum(codes.values()) - codes[202] - codes[503],
        "full_lost": promised - outcomes,
        "full_quarantined": backlog.outcome(Outcome.QUARANTINED),
        "full_findings": len(verification.findings) + (not settled),
        "full_resumed_s": resumed,
    }


def _submit_into(client: httpx.Client, store: Store, items: Iterator[dict[str, str]], tries: int) -> Counter[int]:
    """Submit, and let Redis be full from the first tenth on, while what came before is still in work."""
    codes: Counter[int] = Counter()
    for number, item in enumerate(islice(items, tries)):
        if number == tries // 10:
            store.client.config_set("maxmemory", "1mb")
        codes[post(client, item).status_code] += 1
    return codes


def _make_room(client: httpx.Client, store: Store, items: Iterator[dict[str, str]]) -> float:
    """Make room again; seconds until a submission is accepted."""
    store.client.config_set("maxmemory", "0")
    started = time.monotonic()
    for item in items:
        if post(client, item).status_code == httpx.codes.ACCEPTED:
            return time.monotonic() - started
        time.sleep(0.05)
    return _WAIT_S


def closed_lane() -> dict[str, float]:
    """Close the bulk lane by its length, and compare the Retry-After with when it really opens."""
    limit = 3_000
    with running("fake_worker", DATELINE_MAX_WAITING_BULK=str(limit)) as system:
        push(system, 32, seed=30)
        store = system.store()
        flood(store, 2 * limit)
        time.sleep(3)  # the rate is measured on what was done of late
        item = next(submissions(1, words=100, seed=31))
        with httpx.Client(base_url=system.api, trust_env=False, timeout=30) as client:
            promised, opened = _until_open(client, item)
        store.close()
    return {"closed_retry_after_s": promised, "closed_until_open_s": opened}


def _until_open(client: httpx.Client, item: dict[str, str]) -> tuple[float, float]:
    promised = 0.0
    started = time.monotonic()
    while True:
        response = client.post("/v1/articles?lane=bulk", json=item)
        elapsed = time.monotonic() - started
        if response.status_code == httpx.codes.ACCEPTED or elapsed > _WAIT_S:
            return promised, elapsed
        promised = promised or float(response.headers["Retry-After"])
        time.sleep(0.1)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=100_000, help="bulk articles that wait")
    parser.add_argument("--live", type=int, default=60, help="live articles, idle and flooded")
    parser.add_argument("--tries", type=int, default=2_200, help="submissions into a store that fills up")
    parser.add_argument("--shared", action="store_true", help="no worker of its own for the live lane")
    options = parser.parse_args()
    metrics = latency(options.waiting, options.live, shared=options.shared)
    metrics |= full_store(options.tries) | closed_lane()
    data = {"waiting": str(options.waiting), "words": "600", "live_worker": "no" if options.shared else "yes"}
    return Report("overload", metrics, GATES, data).publish()


if __name__ == "__main__":
    sys.exit(main())
