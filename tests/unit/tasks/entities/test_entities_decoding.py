"""Label scores to spans."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tasks.entities.decoding import SpanDecoder

LABELS = ("O", "B-PERSON", "I-PERSON", "B-LOC", "I-LOC")


def scores(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def test_a_well_formed_best_path_is_read_as_it_is() -> None:
    best = scores((0, 5, 0, 0, 0), (0, 0, 5, 0, 0), (5, 0, 0, 0, 0), (0, 0, 0, 5, 0))
    assert SpanDecoder(LABELS).decode(best) == [(0, 2, "PERSON"), (3, 4, "LOC")]


def test_neighbouring_names_stay_apart() -> None:
    best = scores((0, 0, 0, 5, 0), (0, 0, 0, 5, 0))
    assert SpanDecoder(LABELS).decode(best) == [(0, 1, "LOC"), (1, 2, "LOC")]


def test_an_inside_label_without_a_beginning_is_repaired_by_the_best_legal_path() -> None:
    best = scores((0, 4, 0, 0, 0), (0, 0, 3, 0, 4))
    assert SpanDecoder(LABELS).decode(best) == [(0, 2, "PERSON")]


def test_no_words_have_no_spans() -> None:
    assert SpanDecoder(LABELS).decode(np.zeros((0, 5), dtype=np.float32)) == []


def _legal(path: tuple[int, ...]) -> bool:
    names = ["O", *(LABELS[number] for number in path)]
    return all(not b.startswith("I-") or a[2:] == b[2:] for a, b in itertools.pairwise(names))


@given(arrays(np.float32, (4, 5), elements=st.integers(-8, 8)))
def test_the_decoded_spans_are_those_of_a_best_legal_path(table: np.ndarray) -> None:
    best = max(
        sum(table[i, n] for i, n in enumerate(path)) for path in itertools.product(range(5), repeat=4) if _legal(path)
    )
    spelled = ["O"] * 4
    for first, stop, label in SpanDecoder(LABELS).decode(table):
        spelled[first:stop] = [f"B-{label}", *[f"I-{label}"] * (stop - first - 1)]
    assert sum(table[i, LABELS.index(name)] for i, name in enumerate(spelled)) == best


def test_no_name_goes_on_past_a_line_end() -> None:
    best = scores((0, 5, 0, 0, 0), (0, 0, 5, 0, 0), (0, 0, 5, 4, 0), (0, 0, 5, 0, 4))
    opens = np.array([False, False, True, False])
    assert SpanDecoder(LABELS).decode(best, opens) == [(0, 2, "PERSON"), (2, 4, "LOC")]
