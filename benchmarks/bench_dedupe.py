"""What the duplicate index costs: ``python -m benchmarks.bench_dedupe [--largest N] [--pairs N]``.

Sketches per second beside datasketch and rensa where they are installed; bytes an article and microseconds of Redis
with 10,000, 100,000 and a million articles in one week; what stories take; and whether copies that race through
processes that are killed ever become two originals.

The index is filled with made-up records of the usual size, since there are not a million articles to be had. Bytes and
sketches are those of real articles, or of made-up ones where the corpora are missing.
"""

import argparse
import multiprocessing
import os
import random
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import redis

from benchmarks.dedupe_corpora import DATA, load
from benchmarks.redis_alone import redis_server
from benchmarks.report import Gates, Report
from schemas import CleanText, Duplicates, Form, Quality, Ref, Relation, Submission, article_id
from store.duplicates import DEFAULT_RETENTION_WEEKS, Entry, Fence, Probe, RedisDuplicateIndex
from store.packed_ids import NO_ID, pack_id
from store.stories import WINDOW_DAYS, RedisStoryIndex
from tasks.dedupe import DedupeStage, MemoryIndex, take
from tasks.stage import StageInput

GATES: Gates = {
    "redis_bytes_per_article": {"max": 500},
    "sketches_per_s_core": {"min": 2_000},
    "double_originals": {"max": 0},
    "lost_originals": {"max": 0},
}
LEVELS = (10_000, 100_000, 1_000_000)
BUCKETS = 131_072
"""With which a week opens after one of a million articles."""
TIMED = 1_000
BATCH = 32
PROCESSES = 8
KILLED = 0.01
RECORD_BYTES = 270
"""Of the Reuters development half, on average."""
KEYS = 13
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
STORY_WINDOWS = (WINDOW_DAYS, 120, 180)
"""Days for which stories wait: what ships, and longer ones."""
_LUA_TEXTS = 200
_ONLY_LUA = """
local texts = {}
for number = 1, tonumber(ARGV[1]) do
  texts[number] = string.format('%s%d', ARGV[2], number)
end
return #texts
"""
_DAY_SECONDS, _WEEK_SECONDS = 86_400, 604_800
_WORDS = [f"word{number:x}" for number in range(30_000)]


def api_id(name: str) -> str:
    """An id such as the API makes: they are spread over the hashes of ids, those of a corpus would all be in one."""
    return article_id(Submission(external_id=name, text="."))


def made_up(number: int, place: int = 0) -> StageInput:
    """An article like no other but its copies: `place` drops one of its paragraphs."""
    chosen = random.Random(number).choices(_WORDS, k=180)  # noqa: S311 - not for secrets
    paragraphs = [" ".join(chosen[start : start + 30]) for start in range(0, 180, 30)]
    if place:
        del paragraphs[place % 6]
    text = "\n\n".join(paragraphs)
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    return StageInput(Ref(api_id(f"article-{number}-{place}"), 1), NOON, source=f"outlet{place}.example", clean=clean)


def batches(articles: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """Cut into batches as a claim would."""
    return (articles[start : start + size] for start in range(0, len(articles), size))


def corpus() -> list[StageInput]:
    """Real articles, or made-up ones."""
    if not DATA.is_dir():
        return [made_up(number) for number in range(12_000)]
    return [replace(one, ref=Ref(api_id(one.ref.article_id), 1)) for one in load("reuters_nd", "ts").articles]


def rate(work: Callable[[StageInput], object], articles: Sequence[StageInput]) -> float:
    """Articles per CPU-second, median of five runs."""
    rates = []
    for _ in range(5):
        start = time.process_time()
        for article in articles:
            work(article)
        rates.append(len(articles) / (time.process_time() - start))
    return statistics.median(rates)


def own_sketch(article: StageInput) -> object:
    """Everything that the stage takes of an article: two sketches, evidence, keys."""
    assert article.clean
    return take(article.clean, None, article.source, article.accepted_at)


def datasketch_sketch() -> Callable[[StageInput], object] | None:
    """MinHash of 128 permutations over five-word shingles."""
    try:
        from datasketch import MinHash  # noqa: PLC0415
    except ImportError:
        return None

    def work(article: StageInput) -> object:
        found = MinHash(num_perm=128)
        found.update_batch([shingle.encode() for shingle in _shingles(article)])
        return found

    return work


def rensa_sketch() -> Callable[[StageInput], object] | None:
    """The same of rensa."""
    try:
        from rensa import RMinHash  # noqa: PLC0415
    except ImportError:
        return None

    def work(article: StageInput) -> object:
        found = RMinHash(num_perm=128, seed=42)
        found.update(_shingles(article))
        return found

    return work


def _shingles(article: StageInput) -> list[str]:
    words = (article.clean.text if article.clean else "").lower().split()
    return [" ".join(words[start : start + 5]) for start in range(max(0, len(words) - 4))]


def fill(index: RedisDuplicateIndex, start: int, end: int) -> None:
    """Index made-up records of the usual size."""
    chance = random.Random(start)  # noqa: S311 - not for secrets
    for part in batches(range(start, end), 500):
        index.commit([_filler(number, chance) for number in part])


def _filler(number: int, chance: random.Random) -> Entry:
    filler_id = api_id(f"filler{number}")
    keys = tuple(chance.getrandbits(40) for _ in range(KEYS))
    record = pack_id(filler_id) + chance.randbytes(RECORD_BYTES)
    return Entry(filler_id, 1, keys, Fence(1 << 50, 0), NO_ID + b"d" * 13, record)


def redis_costs(articles: Sequence[StageInput], largest: int) -> dict[str, float]:
    """Bytes an article with 10,000 real ones, and microseconds of Redis per article at each level."""
    found: dict[str, float] = {}
    with redis_server() as client:
        found["redis_bytes_per_article"] = _bytes(client, DedupeStage(RedisDuplicateIndex(client)), articles[:10_000])
    for days in STORY_WINDOWS:
        found |= story_costs(articles[:10_000], days)
    found["story_bytes_per_article"] = found[f"story_bytes_{WINDOW_DAYS}_days"]
    with redis_server() as client:
        index, filled = RedisDuplicateIndex(client, buckets=BUCKETS), 0
        for place, level in enumerate(level for level in LEVELS if level <= largest):
            fill(index, filled, level)
            filled = level
            timed = [made_up(1_000_000 * (place + 1) + number) for number in range(TIMED)]
            found[f"redis_us_{_name(level)}"] = _microseconds(client, DedupeStage(index), timed)
            found[f"lua_ns_a_text_{_name(level)}"] = lua_nanoseconds(client)
            print(f"{level:>9,} indexed: {found[f'redis_us_{_name(level)}']:6.1f} us", flush=True)
    if "redis_us_1m" in found:
        found["redis_ratio_1m_10k"] = found["redis_us_1m"] / found["redis_us_10k"]
    return found | all_weeks_costs()


def story_costs(articles: Sequence[StageInput], days: int) -> dict[str, float]:
    """Bytes of an article's story, and microseconds of Redis, where the articles come evenly within the window.

    Timed are those of the second half: the generations are filled, and the stories begun.
    """
    with redis_server() as client:
        index = RedisStoryIndex(client, window_days=days)
        stage, begin, costs = DedupeStage(MemoryIndex(), index), int(time.time()), []
        for place, batch in enumerate(batches(articles)):
            index.clock_seconds = begin + days * _DAY_SECONDS * BATCH * place // len(articles)
            costs.append(_run_timed(client, stage, batch))
        late = costs[len(costs) // 2 :]
        return {
            f"story_us_{days}_days": statistics.median(late),
            f"story_bytes_{days}_days": _given_back(client) / len(articles),
        }


def all_weeks_costs() -> dict[str, float]:
    """Microseconds of Redis per article where every week that is kept holds 10,000 articles: each is looked at."""
    with redis_server() as client:
        index, this_week = RedisDuplicateIndex(client), int(time.time()) // _WEEK_SECONDS
        for week in range(DEFAULT_RETENTION_WEEKS):
            index.clock_seconds = (this_week - DEFAULT_RETENTION_WEEKS + 1 + week) * _WEEK_SECONDS
            fill(index, 10_000 * week, 10_000 * (week + 1))
        timed = [made_up(100_000_000 + number) for number in range(TIMED)]
        return {f"redis_us_{DEFAULT_RETENTION_WEEKS}_weeks_10k": _microseconds(client, DedupeStage(index), timed)}


def _name(level: int) -> str:
    return f"{level // 1_000}k".replace("1000k", "1m")


def _bytes(client: "redis.Redis", stage: DedupeStage, articles: Sequence[StageInput]) -> float:
    for batch in batches(articles):
        stage.run(batch)
    return _given_back(client) / len(articles)


def lua_nanoseconds(client: "redis.Redis") -> float:
    """What one text takes that a script makes, without touching a key: what Lua itself costs beside what is stored."""
    script, costs = client.register_script(_ONLY_LUA), []
    for number in range(200):
        client.config_resetstat()
        script(args=[_LUA_TEXTS, f"a beginning like that of a key:{number}:"])
        stats: Any = client.info("commandstats")
        costs.append(1_000 * float(stats["cmdstat_evalsha"]["usec"]) / _LUA_TEXTS)
    return statistics.median(costs)


def _given_back(client: "redis.Redis") -> int:
    """Bytes that deleting everything gives back.

    What a server keeps whatever is in it is no article's: Redis 7 takes 25 kB for each kind of command, to count how
    long it took.
    """
    full: Any = client.info("memory")
    client.flushall()
    empty: Any = client.info("memory")
    return int(full["used_memory"] - empty["used_memory"])


def _microseconds(client: "redis.Redis", stage: DedupeStage, articles: Sequence[StageInput]) -> float:
    """Of check and commit together; the median of the batches."""
    return statistics.median(_run_timed(client, stage, batch) for batch in batches(articles))


def _run_timed(client: "redis.Redis", stage: DedupeStage, batch: Sequence[StageInput]) -> float:
    """Microseconds of Redis for each article of the batch."""
    client.config_resetstat()
    stage.run(batch)
    stats: Any = client.info("commandstats")
    return float(stats["cmdstat_evalsha"]["usec"]) / len(batch)


def _race(path: str, worker: int, pairs: int, attempt: int) -> None:
    """Decide for one half of every pair, in the same order as the other processes; die now and then after a commit."""
    chance = random.Random(worker * 1_000 + attempt)  # noqa: S311 - not for secrets
    with redis.Redis(unix_socket_path=path) as client:
        stage = DedupeStage(RedisDuplicateIndex(client))
        done = int(client.hget("progress", str(worker)) or 0)
        own = [made_up(number, worker % 2) for number in range(worker // 2, pairs, PROCESSES // 2)]
        for batch in batches(own[done:], 8):
            stage.run(batch)
            if chance.random() < KILLED:
                os.kill(os.getpid(), signal.SIGKILL)
            done += len(batch)
            client.hset("progress", str(worker), done)


def raced(pairs: int) -> dict[str, float]:
    """Two copies of every article at once through eight processes, some of which are killed and started again."""
    processes = multiprocessing.get_context("fork")
    killed = 0
    with redis_server() as client:
        path = client.connection_pool.connection_kwargs["path"]
        running = {n: processes.Process(target=_race, args=(path, n, pairs, 0)) for n in range(PROCESSES)}
        for process in running.values():
            process.start()
        while running:
            for worker, process in list(running.items()):
                process.join(0.05)
                if process.exitcode is None:
                    continue
                del running[worker]
                if process.exitcode:
                    killed += 1
                    again = processes.Process(target=_race, args=(path, worker, pairs, killed))
                    again.start()
                    running[worker] = again
        originals = _originals(client, pairs)
    return {
        "raced_pairs": pairs,
        "processes_killed": killed,
        "double_originals": sum(count > 1 for count in originals),
        "lost_originals": sum(count < 1 for count in originals),
    }


def _originals(client: "redis.Redis", pairs: int) -> list[int]:
    """How many of the two copies of each pair are originals, as the index remembers its decisions."""
    from tasks.dedupe._record import unpack_decision  # noqa: PLC0415 - what is promised is what is kept

    index = RedisDuplicateIndex(client)
    ids = [api_id(f"article-{number}-{place}") for number in range(pairs) for place in (0, 1)]
    kept = []
    for part in batches(ids, 1_000):
        for own_id, snapshot in zip(part, index.check([Probe(one, 1, ()) for one in part]), strict=True):
            answer: Duplicates | None = unpack_decision(own_id, snapshot.first) if snapshot.first else None
            kept.append(answer is not None and answer.relation is Relation.ORIGINAL)
    return [first + second for first, second in zip(kept[::2], kept[1::2], strict=True)]


def measure(largest: int, pairs: int) -> dict[str, float]:
    """Run everything and print it."""
    articles = corpus()
    web = load("gva_nd", "date").articles[:2_000] if DATA.is_dir() else articles[:2_000]
    found = {"sketches_per_s_core": rate(own_sketch, web)}
    for name, work in (("datasketch", datasketch_sketch()), ("rensa", rensa_sketch())):
        if work is None:
            print(f"{name} is not installed: see benchmarks/dedupe-libraries.txt")
        else:
            found[f"{name}_sketches_per_s_core"] = rate(work, web)
    found |= redis_costs(articles, largest) | raced(pairs)
    for metric, value in found.items():
        print(f"{metric:32}{value:12,.1f}")
    return found


def main() -> int:
    """Measure, write the report, and say whether the gates hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=LEVELS[-1], help="fill the index up to here")
    parser.add_argument("--pairs", type=int, default=10_000, help="pairs of copies that race")
    options = parser.parse_args()
    data = {"stage_version": str(DedupeStage.version), "corpora": "reuters_nd dev, gva_nd dev, or made-up texts"}
    with suppress(KeyboardInterrupt):
        return Report("dedupe_bench", measure(options.largest, options.pairs), GATES, data).publish()
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
