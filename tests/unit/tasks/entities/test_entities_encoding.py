"""Text to windows, with the shipped tokenizer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tasks.entities._onnx import SHIPPED
from tasks.entities.encoding import BLOCK_CHARACTERS, Shape, TextEncoder, shape_of

ENCODER = TextEncoder(Tokenizer.from_file(str(SHIPPED / "tokenizer.json")), window_pieces=20)


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("kyiv", Shape.LOWER),
        ("Kyiv", Shape.TITLE),
        ("NATO", Shape.CAPITALS),
        ("U", Shape.INITIAL),
        ("McDonald", Shape.MIXED),
        ("2024", Shape.DIGITS),
        ("F16", Shape.ALPHANUMERIC),
        ("$", Shape.PUNCTUATION),
        ("北京", Shape.UNCASED),
        ("a\u0301", Shape.UNCASED),
    ],
)
def test_a_word_has_the_shape_of_its_letters(word: str, shape: Shape) -> None:
    assert shape_of(word) is shape


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_windows_hold_every_word_once_in_order_and_within_the_text(text: str) -> None:
    windows = list(ENCODER.windows(text))
    starts = [int(start) for window in windows for start in window.starts]
    ends = [int(end) for window in windows for end in window.ends]
    assert starts == sorted(starts)
    assert all(0 <= start <= end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert all(len(window.ids) == len(window.shapes) for window in windows)
    assert all((np.diff(window.words) > 0).all() for window in windows)


def test_a_window_ends_at_the_end_of_a_sentence() -> None:
    text = "The council met on Monday evening in the town hall. Then they all went home quite late, as they always do."
    first, *_ = ENCODER.windows(text)
    assert text[: first.ends[-1]] == "The council met on Monday evening in the town hall."


def test_a_window_does_not_end_after_an_abbreviation_or_inside_a_name() -> None:
    text = "officials from all of the many departments were then told by Gov. Gretchen Whitmer about some of it later"
    first, *_ = ENCODER.windows(text)
    assert not text[: first.ends[-1]].endswith(("Gov", "Gov.", "Gretchen"))


def test_an_endless_word_and_an_endless_line_are_cut_without_loss() -> None:
    text = "x" * 60_000 + " and then " * 3_000
    windows = list(ENCODER.windows(text))
    assert windows[-1].ends[-1] == len(text.rstrip())
    assert max(len(window.ids) for window in windows) <= 20
    assert len(text) > 2 * BLOCK_CHARACTERS
