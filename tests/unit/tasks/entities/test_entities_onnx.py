"""The recognizer that ships with Dateline."""

import json
import shutil
from pathlib import Path

import pytest
from entities_articles import article
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Entities, Label, Part
from tasks.entities import EntitiesStage, RecognizerUnavailable, open_recognizer
from tasks.entities._onnx import SHIPPED, OnnxRecognizer

SAMPLE = Path(__file__).parents[3] / "data" / "ukraine-aid.txt"


@pytest.fixture(scope="module")
def sample() -> Entities:
    title, text = SAMPLE.read_text(encoding="utf-8").split("\n\n", 1)
    (answer,) = EntitiesStage().run([article(text, title=title)])
    assert isinstance(answer, Entities)
    return answer


def names(found: Entities, label: Label) -> set[str]:
    return {entity.name for entity in found.entities if entity.label is label}


def test_the_sample_names_its_six_people_each_once(sample: Entities) -> None:
    people = [entity.name for entity in sample.entities if entity.label is Label.PERSON]
    assert sorted(people) == [
        "Dmitry Medvedev",
        "Donald Trump",
        "Kamala Harris",
        "Lloyd Austin",
        "Serhiy Popko",
        "Volodymyr Zelenskiy",
    ]


def test_the_sample_names_its_places_and_the_pentagon(sample: Entities) -> None:
    assert {"Kyiv", "Sumy", "Ukraine", "Russia", "Europe", "U.S.", "Moscow"} <= names(sample, Label.LOC)
    assert "Michigan" in " ".join(names(sample, Label.LOC))
    assert "Pentagon" in names(sample, Label.ORG)


def test_all_mentions_of_a_person_are_put_together(sample: Entities) -> None:
    (trump,) = [entity for entity in sample.entities if entity.name == "Donald Trump"]
    assert [mention.text for mention in trump.mentions] == ["Donald Trump", "Trump"]


def test_the_title_is_read_too(sample: Entities) -> None:
    (ukraine,) = [entity for entity in sample.entities if entity.name == "Ukraine"]
    assert ukraine.mentions[0].part is Part.TITLE


def test_an_answer_does_not_depend_on_the_texts_beside_it() -> None:
    texts = ["Angela Merkel met Barack Obama in Berlin.", "Rain fell.", SAMPLE.read_text(encoding="utf-8"), ""]
    recognizer = open_recognizer()
    together = recognizer.recognize(texts)
    assert together == [recognizer.recognize([text])[0] for text in texts]


@given(st.text(alphabet=st.sampled_from("aB .,\n\téß🙂שЖ北\u0301\u200b\u00ad'’-$19"), max_size=120))
@settings(max_examples=40, deadline=None)
def test_spans_are_in_order_apart_and_inside_the_text(text: str) -> None:
    (spans,) = open_recognizer().recognize([text])
    edges = [edge for span in spans for edge in span[:2]]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_the_recognizer_is_loaded_once() -> None:
    assert open_recognizer() is open_recognizer("onnx")


def test_artefacts_name_the_model_and_its_version() -> None:
    assert EntitiesStage().artefacts == {"dateline-minilm-news": "2"}


def test_the_shipped_graph_names_no_files_of_the_machine_it_was_made_on() -> None:
    graph = (SHIPPED / "model.onnx").read_bytes()
    assert b"site-packages" not in graph
    assert b"/training/entities/" not in graph


@pytest.mark.parametrize("missing", ["recognizer.json", "tokenizer.json", "model.onnx"])
def test_a_missing_file_is_named_clearly(tmp_path: Path, missing: str) -> None:
    for path in SHIPPED.iterdir():
        if path.name != missing:
            (tmp_path / path.name).symlink_to(path)
    with pytest.raises(RecognizerUnavailable, match=missing):
        OnnxRecognizer.load(tmp_path)


def test_another_file_than_the_manifest_names_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.onnx").write_bytes(b"other")
    with pytest.raises(RecognizerUnavailable, match=r"model\.onnx is not the file"):
        OnnxRecognizer.load(tmp_path)


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "recognizer.json").write_text(json.dumps({"name": "x"}))
    with pytest.raises(RecognizerUnavailable, match="damaged"):
        OnnxRecognizer.load(tmp_path)
