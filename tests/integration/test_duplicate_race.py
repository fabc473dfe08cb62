"""Many copies at once through several processes on a real server: one original, and everybody else points at it."""

import multiprocessing
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import pytest
import redis
from conftest import RedisServer

from schemas import CleanText, Duplicates, Form, Quality, Ref, Relation
from store.duplicates import RedisDuplicateIndex
from tasks.dedupe import DedupeStage
from tasks.stage import StageInput

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning"),  # from Python 3.12, beside threads
]

PROCESSES, COPIES, ROUNDS = 4, 20, 20
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_barrier = None


def paragraphs(number: int) -> list[str]:
    """A text of six paragraphs that is unlike that of any other number."""
    return [" ".join(f"w{number}x{part}x{word}" for word in range(40)) for part in range(6)]


def copy(number: int, place: int) -> StageInput:
    """One of twenty copies: some exact, some with another headline and without a paragraph."""
    kept = [text for part, text in enumerate(paragraphs(number)) if place % 2 == 0 or part != place % 6]
    text = "\n\n".join(kept)
    title = f"w{number}x1x1 and w{number}x2x{place}"
    clean = CleanText(title=title, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    return StageInput(Ref(f"article-{number}-{place}", 1), NOON, source=f"outlet{place}.example", clean=clean)


def prepare(barrier: object) -> None:
    global _barrier  # noqa: PLW0603 - how a pool hands it to its processes
    _barrier = barrier


def work(url: str, worker: int) -> list[tuple[str, Duplicates]]:
    """Take every fourth copy of each article; the processes start each article together, some article by article."""
    client = redis.Redis.from_url(url)
    stage = DedupeStage(RedisDuplicateIndex(client))
    answers = []
    for number in range(ROUNDS):
        batch = [copy(number, place) for place in range(worker, COPIES, PROCESSES)]
        _barrier.wait(timeout=120)  # type: ignore[attr-defined]
        for part in [batch] if number % 2 else [[one] for one in batch]:
            for article, answer in zip(part, stage.run(part), strict=True):
                assert isinstance(answer, Duplicates)
                answers.append((article.ref.article_id, answer))
    client.close()
    return answers


@pytest.fixture
def raced(redis_server: RedisServer) -> Iterator[dict[str, dict[str, Duplicates]]]:
    """The answers of all processes, by article."""
    processes = multiprocessing.get_context("fork")  # what others import for seconds, a fork has
    barrier = processes.Barrier(PROCESSES)
    with ProcessPoolExecutor(PROCESSES, processes, initializer=prepare, initargs=(barrier,)) as pool:
        runs = [pool.submit(work, redis_server.url(), worker) for worker in range(PROCESSES)]
        answers: dict[str, dict[str, Duplicates]] = defaultdict(dict)
        for run in runs:
            for article_id, answer in run.result(timeout=300):
                answers[article_id.rsplit("-", 1)[0]][article_id] = answer
        yield answers


def test_twenty_copies_at_once_have_exactly_one_original(raced: dict[str, dict[str, Duplicates]]) -> None:
    assert len(raced) == ROUNDS
    for copies in raced.values():
        originals = [article for article, answer in copies.items() if answer.relation is Relation.ORIGINAL]
        assert len(copies) == COPIES
        assert len(originals) == 1
        others = [answer for article, answer in copies.items() if article != originals[0]]
        assert {(answer.canonical_id, answer.is_copy) for answer in others} == {(originals[0], True)}
