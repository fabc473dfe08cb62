"""Profiles of the shipped recognizer and what their manifests may say; with models made on the spot."""

from pathlib import Path

import pytest
import tiny_model

from schemas import Label
from tasks.entities import RecognizerUnavailable, open_recognizer
from tasks.entities import _onnx as onnx
from tasks.entities._onnx import OnnxRecognizer
from tasks.entities.recognizer import FAST, Span

TEXT = "so Ada met NATO here"
FOUND = [Span(3, 6, Label.PERSON), Span(11, 15, Label.ORG)]


def test_both_profiles_live_in_one_folder(tmp_path: Path) -> None:
    tiny_model.write(tmp_path)
    tiny_model.write(tmp_path, "fast", languages=["en", "de"])
    accurate, fast = OnnxRecognizer.load(tmp_path), OnnxRecognizer.load(tmp_path, "fast")
    assert (accurate.artefacts, fast.artefacts) == ({"tiny": "1"}, {"tiny-fast": "1"})
    assert fast.languages == {"en", "de"}
    assert accurate.recognize([TEXT]) == fast.recognize([TEXT]) == [FOUND]


def test_the_setting_chooses_the_fast_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "SHIPPED", tiny_model.write(tmp_path, "fast"))
    assert OnnxRecognizer.shipped("fast").recognize([TEXT]) == [FOUND]


def test_a_folder_of_one_s_own_is_read_by_its_path(tmp_path: Path) -> None:
    recognizer = open_recognizer(f"onnx:{tiny_model.write(tmp_path)}")
    assert recognizer.recognize([TEXT, ""]) == [FOUND, []]


def test_a_profile_that_does_not_ship_says_what_to_do(tmp_path: Path) -> None:
    tiny_model.write(tmp_path)
    with pytest.raises(RecognizerUnavailable, match=r"no profile 'fast'.*DATELINE_RECOGNIZER=onnx"):
        OnnxRecognizer.load(tmp_path, "fast")


def test_the_fast_setting_is_the_profile_and_no_folder() -> None:
    if (onnx.SHIPPED / "recognizer-fast.json").exists():
        assert open_recognizer(FAST).recognize([""]) == [[]]
    else:
        with pytest.raises(RecognizerUnavailable, match="no profile 'fast'"):
            open_recognizer(FAST)


def test_a_profile_may_share_a_tokenizer(tmp_path: Path) -> None:
    tiny_model.write(tmp_path, "fast")
    (tmp_path / "tokenizer-fast.json").rename(tmp_path / "tokenizer.json")
    digests = {name: tiny_model.digest(tmp_path / name) for name in ("model-fast.onnx", "tokenizer.json")}
    tiny_model.write(tmp_path, "fast", tokenizer="tokenizer.json", sha256=digests)
    assert OnnxRecognizer.load(tmp_path, "fast").recognize([TEXT]) == [FOUND]


def test_a_graph_may_ask_for_a_mask(tmp_path: Path) -> None:
    tiny_model.write(tmp_path, inputs=("shapes", "mask", "ids"))
    assert OnnxRecognizer.load(tmp_path).recognize([TEXT]) == [FOUND]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"answers": 4}, "knows 4 labels, its manifest 5"),
        ({"inputs": ("shapes", "pixels")}, "does not read a word"),
        ({"transitions": [[0.0] * 4] * 5}, "damaged"),
        ({"transitions": [[0.0] * 5] * 4}, "damaged"),
        ({"starts": [0.0]}, "damaged"),
        ({"sha256": {}}, "damaged"),
        ({"window_pieces": 0}, "damaged"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path: Path, changed: dict, problem: str) -> None:
    tiny_model.write(tmp_path, **changed)
    with pytest.raises(RecognizerUnavailable, match=rf"{problem}.*export the model"):
        OnnxRecognizer.load(tmp_path)


def test_a_graph_that_is_none_is_refused(tmp_path: Path) -> None:
    tiny_model.write(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    digests = {name: tiny_model.digest(tmp_path / name) for name in ("model.onnx", "tokenizer.json")}
    manifest = (tmp_path / "recognizer.json").read_text()
    for old, new in zip(tiny_model.digests_in(manifest), digests.values(), strict=True):
        manifest = manifest.replace(old, new)
    (tmp_path / "recognizer.json").write_text(manifest)
    with pytest.raises(RecognizerUnavailable, match=r"model\.onnx cannot be read"):
        OnnxRecognizer.load(tmp_path)


def test_learned_transitions_decide_where_words_alone_would_not(tmp_path: Path) -> None:
    two = "Ada Lovelace"
    plain = OnnxRecognizer.load(tiny_model.write(tmp_path)).recognize([two])
    labels = tiny_model.LABELS
    going_on = [[9.0 if (before, after) == ("B-PERSON", "I-PERSON") else 0.0 for after in labels] for before in labels]
    learned = OnnxRecognizer.load(tiny_model.write(tmp_path, transitions=going_on)).recognize([two])
    assert plain == [[Span(0, 3, Label.PERSON), Span(4, 12, Label.PERSON)]]
    assert learned == [[Span(0, 12, Label.PERSON)]]


def test_learned_starts_and_ends_decide_at_the_edges(tmp_path: Path) -> None:
    never = [-9.0 if label == "B-PERSON" else 0.0 for label in tiny_model.LABELS]
    starts = OnnxRecognizer.load(tiny_model.write(tmp_path, starts=never)).recognize(["Ada met Bob"])
    ends = OnnxRecognizer.load(tiny_model.write(tmp_path, ends=never)).recognize(["Ada met Bob"])
    assert starts == [[Span(8, 11, Label.PERSON)]]
    assert ends == [[Span(0, 3, Label.PERSON)]]
