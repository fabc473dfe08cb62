"""Whatever a text is made of, the stage ends soon, needs little memory, and cuts no name that a window could hold."""

import time
import tracemalloc

import pytest
import tiny_model
from entities_articles import article
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from schemas import Entities, Label
from tasks.entities import EntitiesStage
from tasks.entities._aliases import link_aliases
from tasks.entities._onnx import SHIPPED
from tasks.entities.encoding import BLOCK_CHARACTERS, TextEncoder
from tasks.entities.encoding import _blocks as blocks

MEGABYTE = 1_000_000
PIECES = 30
ENCODER = TextEncoder(Tokenizer.from_file(str(SHIPPED / "tokenizer.json")), window_pieces=PIECES)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> EntitiesStage:
    """The whole stage, with a graph that costs nothing."""
    folder = tiny_model.write(tmp_path_factory.mktemp("model"), window_pieces=170)
    return EntitiesStage(f"onnx:{folder}")


@pytest.mark.parametrize(
    "unit",
    ["they went on. ", "&", "x", "Ann Lee ", "🙂", "שלום ", "\x01\x02 ", "e\u0301", "(((", '"', "$5 to ", "ANN (LEE) "],
)
def test_a_megabyte_of_anything_is_read_in_seconds(stage: EntitiesStage, unit: str) -> None:
    text = unit * (MEGABYTE // len(unit))
    began = time.process_time()
    (answer,) = stage.run([article(text)])
    assert isinstance(answer, Entities)
    assert answer.read_to is not None
    assert time.process_time() - began < 10


def test_dates_without_end_are_read_in_seconds(stage: EntitiesStage) -> None:
    began = time.process_time()
    (answer,) = stage.run([article("May 5, " * 5_000)])
    assert isinstance(answer, Entities)
    assert [(entity.label, entity.count) for entity in answer.entities] == [(Label.DATE, 5_000)]
    assert time.process_time() - began < 10


def test_a_long_text_needs_a_bounded_part_of_memory(stage: EntitiesStage) -> None:
    text = "Ann met Bob in Rome. " * (MEGABYTE // 21)
    stage.run([article("Ann")])
    tracemalloc.start()
    stage.run([article(text)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * MEGABYTE


def test_a_word_of_a_hundred_thousand_letters_is_one_name_or_none() -> None:
    text = "Ann met " + "X" * 100_000 + " in Rome."
    (answer,) = EntitiesStage().run([article(text)])
    assert isinstance(answer, Entities)
    mentions = [mention for entity in answer.entities for mention in entity.mentions]
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)


def test_fifty_thousand_names_are_linked_in_seconds() -> None:
    people = [
        (f"{first}{number} Van{number % 97} Lee{number % 89}", Label.PERSON)
        for first in "AB"
        for number in range(12_500)
    ]
    bodies = [(f"Bank {number} of Van{number % 97}", Label.ORG) for number in range(12_500)]
    short = [(f"Lee{number % 89}", Label.PERSON) for number in range(12_500)]
    began = time.process_time()
    linked = link_aliases([*people, *bodies, *short])
    assert len(linked.groups) == 50_000
    assert time.process_time() - began < 30


FILLERS = ["they", "went", "quickly", "said", "while", "arguing,", "again.", "mayor"]
NAMES = ["Ann Lee", "Bank of the West", "Gov. Gretchen Whitmer", "Recep Tayyip Erdogan", "Rome", "Gaza"]


@st.composite
def prose(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Names with at least one common word between any two, and where the names stand."""
    text, places = "", []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=40)):
        text += " ".join(draw(st.lists(st.sampled_from(FILLERS), min_size=1, max_size=9))) + " "
        places.append((len(text), len(text) + len(name)))
        text += name + " "
    return text, places


@given(prose())
@settings(max_examples=150, deadline=None)
def test_no_window_ends_inside_a_name_that_a_window_could_hold(written: tuple[str, list[tuple[int, int]]]) -> None:
    text, places = written
    cuts = [int(window.starts[0]) for window in ENCODER.windows(text)]
    assert not [text[start:end] for start, end in places if any(start < cut < end for cut in cuts)]


@given(prose(), st.integers(0, 400))
@settings(deadline=None)
def test_no_block_ends_inside_a_name(written: tuple[str, list[tuple[int, int]]], shift: int) -> None:
    lead = "went " * ((BLOCK_CHARACTERS - shift) // 5)
    text = lead + written[0]
    cuts = [end for _, end in blocks(text)]
    places = [(len(lead) + start, len(lead) + end) for start, end in written[1]]
    assert not [text[start:end] for start, end in places if any(start < cut < end for cut in cuts)]
