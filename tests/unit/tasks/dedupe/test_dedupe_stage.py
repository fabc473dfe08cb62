import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fakeredis
import pytest
from dedupe_articles import NOON, article, body, clean

from schemas import Duplicates, Quality, Ref, Relation, RetryLater, StageName
from store.duplicates import Answer, Committed, Entry, Fence, Probe, RedisDuplicateIndex, Refused, Snapshot
from tasks.dedupe import DedupeStage, DuplicateIndex, MemoryIndex
from tasks.dedupe import stage as stage_module
from tasks.stage import Failed, Skipped, StageInput

SAMPLE = (Path(__file__).parents[3] / "data" / "ukraine-aid.txt").read_text("utf-8")
TITLE, _, BODY = SAMPLE.partition("\n\n")


@pytest.fixture(params=[MemoryIndex, lambda: RedisDuplicateIndex(fakeredis.FakeRedis())], ids=["memory", "redis"])
def index(request: pytest.FixtureRequest) -> DuplicateIndex:
    made: DuplicateIndex = request.param()
    return made


def run(index: DuplicateIndex, *articles: StageInput) -> list[Duplicates]:
    answers = DedupeStage(index).run(articles)
    assert all(isinstance(answer, Duplicates) for answer in answers)
    return answers  # type: ignore[return-value]


def without(paragraph: int) -> str:
    paragraphs = BODY.split("\n\n")
    return "\n\n".join(paragraphs[:paragraph] + paragraphs[paragraph + 1 :])


@pytest.mark.parametrize("headline", ["Washington sends Kyiv more weapons", "An entirely unrelated headline", None])
@pytest.mark.parametrize("dropped", range(6))
def test_the_sample_with_a_new_headline_and_any_paragraph_dropped_is_a_near_copy(
    dropped: int, headline: str | None
) -> None:
    index = MemoryIndex()
    run(index, article("first", BODY, TITLE))
    (answer,) = run(index, article("copy", without(dropped), headline, hours=5))
    assert (answer.relation, answer.canonical_id, answer.cluster_id) == (Relation.NEAR, "first", "first")
    assert answer.jaccard >= 0.5


def test_the_sample_again_under_another_id_is_an_exact_copy(index: DuplicateIndex) -> None:
    first, copy = run(index, article("first", BODY, TITLE), article("copy", BODY, TITLE, source="b.example"))
    assert (first.relation, copy.relation, copy.canonical_id) == (Relation.ORIGINAL, Relation.EXACT, "first")


def test_of_a_batch_of_copies_one_is_the_original(index: DuplicateIndex) -> None:
    first, *others = run(index, *(article(f"copy{n}", body(1)) for n in range(20)))
    assert first.relation is Relation.ORIGINAL
    assert {(other.relation, other.canonical_id) for other in others} == {(Relation.EXACT, "copy0")}


def test_a_row_of_articles_that_each_extend_the_one_before_is_one_cluster(index: DuplicateIndex) -> None:
    texts = [body(1, 50 * 3**step) for step in range(4)]
    answers = run(index, *(article(f"step{n}", text) for n, text in enumerate(texts)))
    assert [answer.relation for answer in answers] == [Relation.ORIGINAL, *[Relation.CONTAINS] * 3]
    assert {answer.cluster_id for answer in answers} == {"step0"}


def test_a_batch_of_different_articles_with_a_shared_tail_takes_one_round(index: DuplicateIndex) -> None:
    commits: list[int] = []
    original = index.commit

    def counted(entries: Sequence[Entry]) -> Sequence[Answer]:
        commits.append(len(entries))
        return original(entries)

    index.commit = counted  # type: ignore[method-assign]
    tail = body(99, 60)
    answers = run(index, *(article(f"a{n}", f"{tail} {body(n, 300)}") for n in range(10)))
    assert {answer.relation for answer in answers} == {Relation.ORIGINAL}
    assert commits == [10]


def test_running_a_batch_again_gives_the_first_answers(index: DuplicateIndex) -> None:
    batch = [article("a", body(1)), article("b", body(1) + " more"), article("c", "short"), article("d", body(2))]
    assert run(index, *batch) == run(index, *batch) == run(index, *reversed(batch))[::-1]


def test_a_new_revision_is_not_a_copy_of_the_old_one(index: DuplicateIndex) -> None:
    run(index, article("a", body(1)))
    (again,) = run(index, article("a", body(1) + " corrected", revision=2))
    assert again.relation is Relation.ORIGINAL


def test_a_new_revision_takes_the_place_of_the_old_one(index: DuplicateIndex) -> None:
    run(index, article("a", body(1)))
    run(index, article("a", body(2), revision=2))
    old, new = run(index, article("b", body(1)), article("c", body(2)))
    assert (old.relation, new.relation, new.canonical_id) == (Relation.ORIGINAL, Relation.EXACT, "a")


def test_a_revision_that_became_a_copy_is_no_longer_an_original(index: DuplicateIndex) -> None:
    run(index, article("a", body(1)), article("b", body(2)))
    (copy,) = run(index, article("a", body(2), revision=2))
    (other,) = run(index, article("c", body(1)))
    assert (copy.canonical_id, other.relation) == ("b", Relation.ORIGINAL)


def test_a_late_old_revision_leaves_the_new_one_in_place(index: DuplicateIndex) -> None:
    run(index, article("a", body(2), revision=2))
    run(index, article("a", body(1), revision=1))
    (copy,) = run(index, article("c", body(2)))
    assert copy.canonical_id == "a"


def test_two_revisions_in_one_batch_are_not_copies_of_each_other(index: DuplicateIndex) -> None:
    answers = run(index, article("a", body(1), revision=1), article("a", body(1) + " x", revision=2))
    assert {answer.relation for answer in answers} == {Relation.ORIGINAL}


def test_an_article_without_clean_text_is_skipped_and_harms_nobody(index: DuplicateIndex) -> None:
    missing = StageInput(Ref("none", 1), NOON)
    answers = DedupeStage(index).run([article("a", body(1)), missing, article("b", body(1))])
    assert [type(answer) for answer in answers] == [Duplicates, Skipped, Duplicates]


def test_an_article_that_fails_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., object] = stage_module.take

    def fragile(clean: object, *rest: object) -> object:
        if clean.title == "bad":  # type: ignore[attr-defined]
            raise ValueError("broken")
        return original(clean, *rest)

    monkeypatch.setattr(stage_module, "take", fragile)
    answers = DedupeStage(MemoryIndex()).run([article("a", body(1)), article("x", body(1), "bad")])
    assert [type(answer) for answer in answers] == [Duplicates, Failed]


def test_an_empty_batch_asks_nothing() -> None:
    assert DedupeStage(MemoryIndex()).run([]) == []


def test_an_index_that_is_away_is_tried_later() -> None:
    server = fakeredis.FakeServer()
    index = RedisDuplicateIndex(fakeredis.FakeRedis(server=server))
    server.connected = False
    with pytest.raises(RetryLater):
        DedupeStage(index).run([article("a", body(1))])


class Rival(MemoryIndex):
    """Another worker that indexes the same text just before each of our commits, a number of times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def commit(self, entries: Sequence[Entry]) -> list[Answer]:
        """Come first, then commit what was asked."""
        if self.times:
            self.times -= 1
            rival = article(f"rival{self.times}", body(1))
            (snapshot,) = self.check([Probe(rival.ref.article_id, 1, entries[0].keys)])
            record = (entries[0].record or b"").replace(b"own", b"riv")
            super().commit([Entry("riv", 1, entries[0].keys, snapshot.fence, entries[0].decision, record)])
        return super().commit(entries)


def test_who_comes_second_becomes_the_copy() -> None:
    (answer,) = run(Rival(1), article("own", body(1)))
    assert (answer.relation, answer.canonical_id) == (Relation.EXACT, "riv")


class Endless:
    """An index in which something newer is always there first."""

    def check(self, probes: Sequence[Probe]) -> list[Snapshot]:
        """Nothing yet."""
        return [Snapshot(Fence(0, 0), ()) for _ in probes]

    def commit(self, entries: Sequence[Entry]) -> list[Answer]:
        """Refuse."""
        return [Refused(Fence(1, 0), ()) for _ in entries]


def test_endless_refusals_end_with_another_try_later() -> None:
    with pytest.raises(RetryLater, match="tried again"):
        run(Endless(), article("own", body(1)))


class Twin(MemoryIndex):
    """A concurrent run of the same task commits first."""

    def commit(self, entries: Sequence[Entry]) -> list[Answer]:
        """Commit everything before the caller does."""
        super().commit(entries)
        answers = super().commit(entries)
        assert not any(isinstance(answer, Committed) for answer in answers)
        return answers


def test_a_concurrent_run_of_the_same_batch_gives_one_answer() -> None:
    first, copy = run(Twin(), article("a", body(1)), article("b", body(1)))
    assert (first.relation, copy.relation, copy.canonical_id) == (Relation.ORIGINAL, Relation.EXACT, "a")


def test_the_stage_says_what_it_is() -> None:
    stage = DedupeStage(MemoryIndex())
    assert (stage.name, stage.version, stage.inputs) == (
        StageName.DEDUPE,
        12,
        ("clean", "entities", "geotag", "decided"),
    )
    assert list(stage.artefacts) == ["verifier", "stories"]


def undated(one: StageInput) -> StageInput:
    assert one.clean is not None
    return replace(one, clean=one.clean.model_copy(update={"published_at": None}))


def test_an_undated_copy_of_an_old_article_that_came_with_it_is_a_copy() -> None:
    index = MemoryIndex()
    old = article("a", body(1))
    assert old.clean is not None
    years_ago = old.accepted_at - timedelta(days=700)
    run(index, replace(old, clean=old.clean.model_copy(update={"published_at": years_ago})))
    (answer,) = run(index, undated(article("b", body(1))))
    assert (answer.relation, answer.days_apart) == (Relation.EXACT, 0)


def test_where_a_date_is_missing_the_gap_is_that_of_acceptance() -> None:
    index = MemoryIndex()
    run(index, replace(undated(article("a", body(1, 40))), accepted_at=datetime(2026, 1, 1, tzinfo=UTC)))
    (answer,) = run(index, article("b", body(1, 40)))
    assert "too_far_apart" in answer.guards_failed
    assert answer.days_apart is not None
    assert answer.days_apart > 60


def test_an_equal_text_is_found_behind_any_number_of_texts_that_share_its_sentences(index: DuplicateIndex) -> None:
    sentences = [" ".join(f"s{number}w{place}" for place in range(12)) for number in range(90)]

    def mixed(seed: int) -> str:
        return " ".join(random.Random(seed).sample(sentences, 6)) + f" number{seed}"

    first = [article(f"a{seed}", mixed(seed)) for seed in range(300)]
    originals = [one for one, answer in zip(first, run(index, *first), strict=True) if answer.relation == "original"]
    assert len(originals) > 200
    copies = run(index, *(replace(one, ref=Ref(f"b-{one.ref.article_id}", 1)) for one in originals))
    assert [answer.relation for answer in copies] == [Relation.EXACT] * len(originals)
    assert [answer.canonical_id for answer in copies] == [one.ref.article_id for one in originals]


@pytest.mark.parametrize(
    ("listing", "relation"), [(False, Relation.SAME_STORY), (True, Relation.LOW_INFORMATION)], ids=["prose", "listing"]
)
def test_two_articles_whose_bodies_are_one_list_of_headlines_are_no_copies(
    index: DuplicateIndex, *, listing: bool, relation: Relation
) -> None:
    lines = (
        "Law enforcement procession escorts county sergeant to funeral home",
        "Young refugees enroll in unified schools",
        "Protesters ask employees of home services to stay",
        "Officials in the valley seek support for a tax",
        "First lady kicks off her last kitchen garden harvest",
        "Deputy dies in accidental shooting near the airport",
    )
    quality = Quality(words=42, listing=listing)
    titles = (
        "County deputy dies in accidental shooting",
        "Sheriff: bullet of a colleague struck deputy near county airport",
    )
    articles = [
        StageInput(Ref(title, 1), NOON, source="x.example", clean=clean("\n\n".join(lines), title, quality=quality))
        for title in titles
    ]
    first, answer = run(index, *articles)
    assert answer.relation is relation
    assert (answer.cluster_id == first.cluster_id) is not listing
