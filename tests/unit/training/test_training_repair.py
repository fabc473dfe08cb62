"""Training texts as they were printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.entities._corpus import Document
from training.entities._repair import repair


def repaired(source: str, text: str, *names: str) -> tuple[str, list[str]]:
    spans = tuple((text.index(name), text.index(name) + len(name), "ORG") for name in names)
    document = repair(Document(f"{source}/1", text, spans))
    return document.text, [document.text[start:end] for start, end, _ in document.spans]


@pytest.mark.parametrize(
    ("source", "text", "names", "printed", "kept"),
    [
        ("redocred-dev", "U.S. - led Al - Qaeda", ("U.S.", "Al - Qaeda"), "U.S.-led Al-Qaeda", ["U.S.", "Al-Qaeda"]),
        ("crossner-ai", "Henderson' s Pops", ("Henderson", "Pops"), "Henderson's Pops", ["Henderson", "Pops"]),
        ("wnut17", "Mike &amp; Co at 10 - 11", ("Mike &amp; Co",), "Mike & Co at 10 - 11", ["Mike & Co"]),
        ("gum-news", "Rome - Paris and Oslo", ("Paris", "Oslo"), "Rome - Paris and Oslo", ["Paris", "Oslo"]),
    ],
)  # fmt: skip
def test_a_source_s_errors_are_undone_and_names_keep_their_spans(
    source: str, text: str, names: tuple[str, ...], printed: str, kept: list[str]
) -> None:
    assert repaired(source, text, *names) == (printed, kept)


@given(st.lists(st.sampled_from(["Al", " - ", "Qaeda", " ", "&amp;", "x", "."]), max_size=30), st.integers(0, 60))
def test_a_span_never_grows_and_stays_inside(pieces: list[str], start: int) -> None:
    text = "".join(pieces)
    if start < len(text):
        document = repair(Document("redocred/1", text, ((start, len(text), "ORG"),)))
        assert all(0 <= begin < end <= len(document.text) for begin, end, _ in document.spans)
        assert len(document.text) <= len(text)
