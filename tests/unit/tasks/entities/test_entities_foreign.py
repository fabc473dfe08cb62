"""Recognizers from elsewhere: settings, labels, offsets and what is said when something is missing.

spaCy and GLiNER are no part of the development lock; stand-ins with their interfaces show what ours does with them, and
the last test runs on a real pipeline where spaCy is installed.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from entities_articles import article
from hypothesis import given
from hypothesis import strategies as st

from schemas import Entities, Label
from tasks.entities import EntitiesStage, RecognizerUnavailable, Span, open_recognizer
from tasks.entities.__main__ import main
from tasks.entities._foreign import BUILDING, PLACE, Kind, ours, pieces
from tasks.entities._spacy import SpacyRecognizer

NAMES = {"Oslo": "GPE", "Ann Lee": "PERSON", "Oslo Airport": "FAC", "second": "ORDINAL", "Friday": "DATE"}
_PATTERN = re.compile("|".join(sorted(NAMES, key=len, reverse=True)))


class StandInPipeline:
    """Marks the names above, as a spaCy pipeline does."""

    def __init__(self, lang: str = "en", labels: tuple[str, ...] = ("GPE", "FAC")) -> None:
        self.lang, self.pipe_labels = lang, {"tok2vec": [], "ner": list(labels)}
        self.meta = {"lang": lang, "name": "stand_in", "version": "3.1"}
        self.read: list[int] = []

    def __call__(self, text: str) -> Any:
        self.read.append(len(text))
        found = _PATTERN.finditer(text)
        return SimpleNamespace(
            ents=[SimpleNamespace(start_char=m.start(), end_char=m.end(), label_=NAMES[m.group()]) for m in found]
        )


class StandInGliner:
    """Finds persons and places in what it reads; asks for nothing that it was not asked for."""

    def predict_entities(self, text: str, labels: list[str], threshold: float) -> list[dict[str, Any]]:
        assert threshold == 0.5
        assert len(text) <= 1_200
        asked = {"Ann Lee": "person", "Oslo Airport": "building or facility", "Oslo": "location"}
        assert set(asked.values()) <= set(labels)
        return [
            {"start": m.start(), "end": m.end(), "label": asked[m.group()], "score": 0.9}
            for m in re.finditer("|".join(sorted(asked, key=len, reverse=True)), text)
        ]


@pytest.fixture
def spacy(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, StandInPipeline]]:
    """A stand-in for the module, which knows the pipelines of this dictionary."""
    pipelines: dict[str, StandInPipeline] = {}

    def load(name: str, exclude: tuple[str, ...]) -> StandInPipeline:
        if name not in pipelines:
            raise OSError(f"[E050] Can't find model '{name}'.")
        return pipelines[name]

    module = ModuleType("spacy")
    module.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    return pipelines


@pytest.fixture
def gliner(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_pretrained(name: str) -> StandInGliner:
        if name == "nowhere/none":
            raise RuntimeError("401 Client Error")
        return StandInGliner()

    module = ModuleType("gliner")
    module.GLiNER = SimpleNamespace(from_pretrained=from_pretrained)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gliner", module)
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"{name}-0.2")


TEXT = "🙂 Ann Lee left Oslo Airport for Oslo on Friday, the second time."
EXPECTED = [
    ("Ann Lee", Label.PERSON, None), ("Oslo Airport", Label.LOC, "FAC"), ("Oslo", Label.LOC, None),
]  # fmt: skip


def marked(text: str, spans: list[Span]) -> list[tuple[str, Label, str | None]]:
    return [(text[span.start : span.end], span.label, span.subtype) for span in spans]


def test_a_pipeline_s_labels_become_ours_and_what_names_nothing_is_left_out(spacy: dict[str, StandInPipeline]) -> None:
    spacy["stand_in_labels"] = StandInPipeline()
    (spans,) = open_recognizer("spacy:stand_in_labels").recognize([TEXT])
    assert marked(TEXT, spans) == [*EXPECTED, ("Friday", Label.DATE, None)]


def test_a_pipeline_says_its_languages_and_its_version(spacy: dict[str, StandInPipeline]) -> None:
    spacy.update({"german": StandInPipeline("de"), "many": StandInPipeline("xx")})
    german, many = SpacyRecognizer.load("german"), SpacyRecognizer.load("many")
    assert (german.languages, german.artefacts) == ({"de"}, {"spacy:de_stand_in": "3.1"})
    assert {"en", "de", "fr"} < many.languages


def test_a_long_text_is_read_in_pieces_with_the_same_offsets(spacy: dict[str, StandInPipeline]) -> None:
    pipeline = spacy["long"] = StandInPipeline()
    text = "Ann Lee left Oslo. " * 10_000
    (spans,) = SpacyRecognizer.load("long").recognize([text])
    assert max(pipeline.read) <= 50_000
    assert [(span.start, span.end) for span in spans] == [m.span() for m in re.finditer("Ann Lee|Oslo", text)]


def test_a_building_is_a_place_of_its_own_kind(spacy: dict[str, StandInPipeline]) -> None:
    spacy["stand_in_stage"] = StandInPipeline()
    (answer,) = EntitiesStage("spacy:stand_in_stage").run([article(TEXT)])
    assert isinstance(answer, Entities)
    assert {(entity.name, entity.label, entity.subtype) for entity in answer.entities} >= set(EXPECTED)


@pytest.mark.usefixtures("gliner")
def test_gliner_is_asked_for_our_labels_in_its_words() -> None:
    recognizer = open_recognizer("gliner:some/model")
    text = (TEXT + "\n") * 60 + " " * 5_000
    (spans,) = recognizer.recognize([text])
    assert marked(text, spans) == EXPECTED * 60
    assert (recognizer.languages, recognizer.artefacts) == ({"en"}, {"gliner:some/model": "gliner-0.2"})


@pytest.mark.parametrize(
    ("setting", "advice"),
    [
        ("spacy:en_core_web_trf", "pip install 'spacy<4'"),
        ("gliner:some/other", "pip install gliner"),
        ("spacy", "spacy:<pipeline>"),
        ("flair:news", "gliner:<model>"),
    ],
)
def test_an_engine_that_is_not_installed_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, setting: str, advice: str
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.setitem(sys.modules, "gliner", None)
    with pytest.raises(RecognizerUnavailable, match=re.escape(advice)):
        open_recognizer(setting)


@pytest.mark.usefixtures("gliner")
def test_a_model_that_is_not_there_is_named_with_what_to_do(spacy: dict[str, StandInPipeline]) -> None:
    spacy["tagger_only"] = StandInPipeline(labels=("NOUN",))
    with pytest.raises(RecognizerUnavailable, match="spacy download en_core_web_trf"):
        open_recognizer("spacy:en_core_web_trf")
    with pytest.raises(RecognizerUnavailable, match="marks no entities"):
        open_recognizer("spacy:tagger_only")
    with pytest.raises(RecognizerUnavailable, match="check the name"):
        open_recognizer("gliner:nowhere/none")


def test_the_check_says_what_is_loaded_or_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert re.fullmatch(r"✓ dateline-minilm-news \S+ \(en\)\n", capsys.readouterr().out)
    assert main(["flair:news"]) == 1
    assert capsys.readouterr().err.startswith("✗ DATELINE_RECOGNIZER=flair:news: there is no recognizer")


KINDS = {"GPE": PLACE, "FAC": BUILDING, "PER": Kind(Label.PERSON)}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from([*KINDS, "CARDINAL"]))))
def test_whatever_an_engine_finds_comes_in_order_and_apart(found: list[tuple[int, int, str]]) -> None:
    spans = ours(found, KINDS)
    assert all(span.start < span.end for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(alphabet="ab .\n🙂", max_size=200), st.integers(1, 30))
def test_pieces_are_the_whole_text_and_none_is_too_long(text: str, size: int) -> None:
    cut = list(pieces(text, size))
    assert "".join(piece for _, piece in cut) == text
    assert all(text.startswith(piece, start) and 0 < len(piece) <= size + 1 for start, piece in cut)


@pytest.mark.recognizers
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spaCy's dependencies, not ours
def test_a_real_pipeline_answers_with_the_same_spans(tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": name} for name, label in NAMES.items()])
    pipeline.to_disk(tmp_path / "pipeline")
    recognizer = open_recognizer(f"spacy:{tmp_path / 'pipeline'}")
    (spans,) = recognizer.recognize([TEXT])
    assert marked(TEXT, spans) == [*EXPECTED, ("Friday", Label.DATE, None)]
    assert recognizer.languages == {"en"}
