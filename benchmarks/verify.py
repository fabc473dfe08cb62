"""``make bench-verify``: how long verifying 100,000 articles takes, and whether it finds exactly what is wrong.

The ledger is filled through its own operations, with articles in every state. Then damage is done by hand, a little of
each kind; the verification must tell all of it and nothing else, and the repair must leave a sound ledger.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.chaos.redis_process import RedisProcess
from benchmarks.report import Report
from schemas import (
    CleanText,
    FeedSummary,
    Form,
    Lane,
    Outcome,
    Quality,
    Ref,
    StageName,
    StageRecord,
    StageStatus,
    Submission,
)
from store import STAGES, Advance, NewArticle, Store

_PIPED = 500
_OF_EACH = 20
_LEASE_MS = 3_600_000
_MOST_CPU_S = 10.0
"""What an operator waits for at most where one core is free: 3.1 to 4.7 s were measured."""
_WORDS = "A paragraph of an article that says what happened where and who was there. " * 8

_CLEAN = CleanText(
    title="A title", text=_WORDS, language="en", form=Form.TEXT, quality=Quality(words=120)
).model_dump_json(exclude_defaults=True)


def _articles(count: int) -> Iterator[NewArticle]:
    for number in range(count):
        fields = {"url": f"https://site{number % 200}.example/{number}", "text": f"{_WORDS}{number}"}
        yield NewArticle(Submission.model_validate(fields), Lane.BULK if number % 3 else Lane.LIVE, "bench")


def _fill(store: Store, count: int) -> list[Ref]:
    """Accept, and finish all but a tenth: those wait or are leased."""
    made, batch = _articles(count), list[NewArticle]()
    done: list[Ref] = []
    for article in made:
        batch.append(article)
        if len(batch) == _PIPED:
            store.ledger.accept(batch)
            batch = []
    store.ledger.accept(batch)
    while len(done) < count * 9 // 10:
        done += _finished_batch(store)
    store.ledger.claim(limit=32, max_bytes=10**9, lease_ms=_LEASE_MS, bulk_share=0.1)
    return done


def _finished_batch(store: Store) -> list[Ref]:
    claim = store.ledger.claim(limit=_PIPED, max_bytes=10**9, lease_ms=_LEASE_MS, bulk_share=0.125)
    for stage in STAGES:
        output = _CLEAN if stage is StageName.CLEAN else None
        entry = FeedSummary(title="A title") if stage is STAGES[-1] else None
        store.ledger.advance(
            [Advance(ref, _record(stage), output, Outcome.DONE, entry) for ref in claim.refs], claim.token, _LEASE_MS
        )
    return list(claim.refs)


def _record(stage: StageName) -> StageRecord:
    now = datetime.now(UTC)
    return StageRecord(stage=stage, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at=now)


def _damage(store: Store, refs: list[Ref]) -> set[tuple[str, str]]:
    """Do a little of each kind; returns what has to be found."""
    client, keys = store.client, store.keys
    kinds: dict[str, Callable[[Ref], object]] = {
        "not_where_its_state_says": lambda ref: client.zrem(keys.by_outcome(Outcome.DONE), str(ref)),
        "done_but_listed_as_leased": lambda ref: client.zadd(keys.leased, {str(ref): 1}),
        "not_in_list_of_all": lambda ref: client.zrem(keys.every, str(ref)),
        "newer_than_its_head": lambda ref: client.delete(keys.head(ref.article_id)),
        "outcome_not_in_feed": lambda ref: client.xdel(keys.feed, client.hget(keys.record(ref), "cursor")),  # type: ignore[arg-type]
        "published_twice": lambda ref: client.xadd(
            keys.feed,
            {"ref": str(ref), "outcome": "done", "at": 10**13, "entry": "{}"},
        ),
    }
    planted = set()
    chosen = iter(refs[:: max(1, len(refs) // (_OF_EACH * len(kinds) + 1))])
    for kind, do in kinds.items():
        for _ in range(_OF_EACH):
            ref = next(chosen)
            do(ref)
            planted.add((kind, str(ref)))
    return planted


def _cpu_s(processes: list[psutil.Process]) -> float:
    """CPU seconds that processes have used, which a busy machine does not stretch."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def main() -> int:
    """Fill, verify, damage, verify, repair, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    count = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder, RedisProcess.running(Path(folder)) as server:
        store = Store.open(server.url(0))
        refs = _fill(store, count)
        processes = [psutil.Process(), server.process]
        cpu, started = _cpu_s(processes), time.perf_counter()
        sound = store.verify()
        seconds, cpu = time.perf_counter() - started, _cpu_s(processes) - cpu
        planted = _damage(store, refs)
        damaged = store.verify()
        found = {(f.kind, f.subject) for f in damaged.findings if f.kind not in {"outcome_count", "accounting"}}
        repaired = store.repair(damaged)
        store.close()
    metrics = {
        "articles": sound.articles,
        "verify_s": seconds,
        "verify_cpu_s": cpu,
        "findings_in_a_sound_ledger": len(sound.findings),
        "damages_planted": len(planted),
        "damages_missed": len(planted - found),
        "findings_without_damage": len(found - planted),
        "findings_after_repair": len(repaired.after.findings),
    }
    gates = {name: {"max": 0.0} for name in metrics if name.startswith(("findings", "damages_missed"))}
    # Of CPU: on a machine that does other things too, the time on the wall says how busy it is.
    return Report("verify", metrics, gates | {"verify_cpu_s": {"max": _MOST_CPU_S}}).publish()


if __name__ == "__main__":
    sys.exit(main())
