"""What the training of the verifier tells about it."""

import json

import pytest

from tasks.dedupe import ASPECTS
from tasks.dedupe._verifier import judge, parse
from training.dedupe._pairs import Example
from training.dedupe.train import calibration_error, fitted, written


def test_confidence_that_is_the_share_of_right_ones_has_no_error() -> None:
    sure, right = [0.75] * 4 + [0.25] * 4, [True] * 3 + [False] + [True] + [False] * 3
    assert calibration_error(sure, right) == 0


def test_confidence_is_measured_in_each_bin_by_its_size() -> None:
    assert calibration_error([1.0, 1.0, 0.0, 0.0], [True, False, False, False]) == pytest.approx(0.25)
    assert calibration_error([0.9, 0.1], [False, True]) == pytest.approx(0.9)


def test_what_is_written_judges_as_what_was_fitted() -> None:
    rows = [[(place * (7 + column)) % 11 / 10 for column in range(len(ASPECTS))] for place in range(60)]
    examples = [Example(tuple(row), row[0] > 0.5, 1.0) for row in rows]
    judges = fitted(examples)
    text = written(judges, {"reuters_dev_f1": 0.98765})
    assert json.loads(text)["unseen"] == {"reuters_dev_f1": 0.9877}
    assert text == written(fitted(examples), {"reuters_dev_f1": 0.98765})
    known, read = judges.weights, parse(text)
    for row in rows:
        assert judge(row, read).careful == pytest.approx(judge(row, known).careful, abs=0.02)
        assert judge(row, read).odds == pytest.approx(judge(row, known).odds, abs=0.05)
