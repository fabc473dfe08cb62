import numpy as np
import pytest
from dedupe_articles import body
from hypothesis import given
from hypothesis import strategies as st

from tasks.dedupe._shingles import head_shingles_of, shingles_of
from tasks.dedupe._sketch import SHINGLE_HASHES, Sketch, overlap, sketch_of
from tasks.dedupe._tokens import distinct, mix, tokenise

numbers = st.sets(st.integers(0, 600), max_size=400)


def sketch(members: set[int]) -> Sketch:
    return sketch_of(distinct(mix(np.array(sorted(members), dtype=np.uint64))))


def test_shingles_are_runs_of_five_words() -> None:
    assert len(shingles_of(tokenise("one two three four five six seven"))) == 3


def test_shingles_depend_on_the_order_of_words() -> None:
    assert shingles_of(tokenise("a b c d e")).tolist() != shingles_of(tokenise("b a c d e")).tolist()


def test_repeated_passages_count_once() -> None:
    once = shingles_of(tokenise(body(1)))
    thirty_times = shingles_of(tokenise("\n".join([body(1)] * 30)))
    assert len(thirty_times) <= len(once) + 4


@pytest.mark.parametrize("text", ["", "too few words here"])
def test_a_text_shorter_than_a_shingle_has_none(text: str) -> None:
    assert len(shingles_of(tokenise(text))) == 0


def test_head_shingles_come_from_the_first_sixty_words() -> None:
    text = body(1, words=60)
    longer = f"{text} {body(2)}"
    assert head_shingles_of(tokenise(text)).tolist() == head_shingles_of(tokenise(longer)).tolist()


@given(numbers, st.randoms(use_true_random=False))
def test_a_sketch_does_not_depend_on_order(members: set[int], chance: object) -> None:
    shuffled = sorted(members)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    other = sketch_of(distinct(mix(np.array(shuffled, dtype=np.uint64))))
    assert other.lowest.tolist() == sketch(members).lowest.tolist()


@given(numbers.filter(bool))
def test_a_set_overlaps_itself_entirely(members: set[int]) -> None:
    assert (
        overlap(sketch(members), sketch(members)).containment,
        overlap(sketch(members), sketch(members)).jaccard,
    ) == (1, 1)


@given(numbers, numbers)
def test_overlap_is_symmetric(one: set[int], other: set[int]) -> None:
    assert overlap(sketch(one), sketch(other)) == overlap(sketch(other), sketch(one))


APART = sorted({int(sketch({number}).lowest[0]): number for number in range(200)}.values())
"""Of numbers that a sketch takes for the same, one: of 15 bits, some hashes share all."""


@given(
    st.sets(st.sampled_from(APART), min_size=1, max_size=SHINGLE_HASHES),
    st.sets(st.sampled_from(APART), max_size=SHINGLE_HASHES),
)
def test_sets_that_fit_are_compared_exactly(one: set[int], other: set[int]) -> None:
    found = overlap(sketch(one), sketch(other))
    assert found.jaccard == pytest.approx(len(one & other) / len(one | other))
    assert found.containment == pytest.approx(len(one & other) / max(1, min(len(one), len(other))))


@pytest.mark.parametrize("shared", [0.25, 0.5, 0.75])
def test_larger_sets_are_estimated_without_bias(shared: float) -> None:
    size, errors = 1_000, []
    for trial in range(40):
        start = trial * 10_000
        one = set(range(start, start + size))
        other = set(range(start + round(size * (1 - shared)), start + round(size * (2 - shared))))
        errors.append(overlap(sketch(one), sketch(other)).containment - shared)
    assert abs(float(np.mean(errors))) < 0.03
    assert float(np.std(errors)) < 0.08


def test_disjoint_sets_share_next_to_nothing() -> None:
    """Two codes in 96 may be equal by chance."""
    found = overlap(sketch(set(range(500))), sketch(set(range(1_000, 1_500))))
    assert found.containment <= 0.03


def test_an_empty_set_shares_nothing() -> None:
    assert overlap(sketch(set()), sketch({1})).containment == 0


@given(st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=80, unique=True))
def test_codes_keep_the_order_of_hashes(hashes: list[int]) -> None:
    lowest = sketch_of(np.array(sorted(hashes), dtype=np.uint64)).lowest.tolist()
    assert lowest == sorted(set(lowest))


def test_codes_are_the_same_in_every_sketch() -> None:
    members = mix(np.arange(5_000, dtype=np.uint64))
    few, many = sketch_of(distinct(members)[:60]), sketch_of(distinct(members))
    assert few.lowest.tolist() == many.lowest.tolist()[: len(few.lowest)]
