import pytest

from schemas import Lane, Submission
from store import ArticleLines, NewArticle, Store

WEEK_MS = 7 * 24 * 3600 * 1000
SOURCE = "herald.example"
PLEA = b"plea----"


def accepted(store: Store, number: int) -> str:
    submission = Submission(text=f"Story {number}", url=f"https://{SOURCE}/{number}")
    (acceptance,) = store.ledger.accept([NewArticle(submission, Lane.BULK, "t", [])])
    return acceptance.ref.article_id


def count(store: Store, numbers: range, *lines: bytes) -> list[int]:
    told = [ArticleLines(accepted(store, number), SOURCE, lines or (PLEA,)) for number in numbers]
    return store.source_lines.count(told)


def count_of(store: Store, article_id: str, *lines: bytes) -> int:
    [counted] = store.source_lines.count([ArticleLines(article_id, SOURCE, lines)])
    return counted


def test_a_line_of_three_articles_is_frequent(store: Store) -> None:
    count(store, range(2))
    assert store.source_lines.frequent([SOURCE]) == [frozenset()]
    count(store, range(2, 3))
    assert store.source_lines.frequent([SOURCE, "other.example"]) == [frozenset({PLEA}), frozenset()]


def test_an_article_counts_once_however_often_it_is_processed(store: Store) -> None:
    article = accepted(store, 1)
    assert [count_of(store, article, PLEA) for _ in range(4)] == [1, 0, 0, 0]
    assert store.source_lines.frequent([SOURCE]) == [frozenset()]


def test_an_article_that_is_gone_counts_nothing(store: Store) -> None:
    assert count_of(store, "gone", PLEA) == 0


def test_an_article_without_lines_is_not_marked_as_counted(store: Store) -> None:
    article = accepted(store, 1)
    assert count_of(store, article) == 0
    assert count_of(store, article, PLEA) == 1


def test_lines_are_forgotten_after_a_month(store: Store) -> None:
    store.scripts.clock_ms = 0
    count(store, range(3))
    store.scripts.clock_ms = 3 * WEEK_MS
    assert store.source_lines.frequent([SOURCE]) == [frozenset({PLEA})]
    store.scripts.clock_ms = 5 * WEEK_MS
    assert store.source_lines.frequent([SOURCE]) == [frozenset()]


def test_a_source_has_a_bound_of_frequent_lines(store: Store) -> None:
    lines = [number.to_bytes(8, "big") for number in range(300)]
    count(store, range(3), *lines)
    assert len(store.source_lines.frequent([SOURCE])[0]) == 200


def test_a_batch_is_counted_in_one_round_trip_in_its_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [accepted(store, number) for number in range(4)]
    opened = []
    pipeline = store.client.pipeline
    monkeypatch.setattr(store.client, "pipeline", lambda **options: opened.append(options) or pipeline(**options))
    lines = [(PLEA,), (), (PLEA, b"another-"), (PLEA,)]
    told = [ArticleLines(article_id, SOURCE, each) for article_id, each in zip(ids, lines, strict=True)]
    assert store.source_lines.count(told) == [1, 0, 2, 1]
    assert len(opened) == 1
    assert store.source_lines.frequent([SOURCE]) == [frozenset({PLEA})]


def test_nothing_to_count_asks_nobody(store: Store) -> None:
    assert store.source_lines.count([]) == []
