"""The weights that ship, and how they are learned."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tasks.geotag import DOUBTS, RANKING, STATIC, Feature, RankingMissing, Weights, grounds, shipped_weights, weights_of
from training.geotag import train
from training.geotag._assurance import Choice, assured, learn_assurance
from training.geotag._calibrate import isotonic
from training.geotag._fit import Examples, fit, loss, minimise

CONTENT = json.loads(RANKING.read_text())


def two_names() -> Examples:
    """The first feature marks the right candidate of two names, the second the wrong one."""
    return Examples(
        features=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]),
        group=np.array([0, 0, 1, 1]),
        example_group=np.array([0, 1]),
        weight=np.ones(2),
        right_row=np.array([0, 3]),
        right_example=np.array([0, 1]),
    )


def test_the_shipped_ranking_was_made_from_the_prior_as_it_is() -> None:
    digest = hashlib.sha256(train.PRIOR.read_bytes()).hexdigest()
    assert CONTENT["report"]["sources"][train.PRIOR.name] == digest


def test_what_ships_does_not_lose_to_the_weights_set_by_hand() -> None:
    report = CONTENT["report"]
    learned, by_hand = report["learned_cross_validated"], report["set_by_hand"]
    assert report["chosen"] == ("learned" if train.wins(learned, by_hand) else "set by hand")
    assert report["failure_cases"] == 19


def test_a_ranking_with_other_features_is_unavailable() -> None:
    fewer = {**CONTENT, "features": dict(list(CONTENT["features"].items())[1:])}
    with pytest.raises(RankingMissing, match="other features"):
        weights_of(fewer)


def test_a_missing_ranking_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(RankingMissing, match=r"training\.geotag\.train"):
        shipped_weights(tmp_path / "ranking.json")


def _sure(probability: float, *doubts: str, near_memory: float = 0.0, only: bool = False) -> float:
    evidence, context = np.zeros(STATIC), np.zeros(len(Feature) - STATIC)
    evidence[Feature.POPULATION], evidence[Feature.MEMORY_NEAR] = 4.0, near_memory
    doubted = np.array([doubt in doubts for doubt in DOUBTS])
    return shipped_weights().confidence(grounds(probability, evidence, context, doubted, only=only))


def test_a_surer_choice_never_has_less_confidence() -> None:
    confidences = [_sure(float(p)) for p in np.linspace(0, 1, 200)]
    assert confidences == sorted(confidences)
    assert confidences[0] < 0.2
    assert confidences[-1] > 0.9


def test_a_choice_near_what_the_source_writes_of_is_surer() -> None:
    assert _sure(0.9, near_memory=0.5) > _sure(0.9)


def test_a_choice_without_rivals_is_less_sure_than_its_probability_says() -> None:
    assert _sure(0.95, only=True) < _sure(0.95)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_choice_in_doubt_is_less_sure(doubt: str) -> None:
    assert _sure(0.95, doubt) < _sure(0.95)


def test_assurance_is_learned_from_what_was_right() -> None:
    known = [Choice(np.array([1.0, x, float(right)]), right, 0.5) for x in (0.0, 1.0) for right in (True, False)] * 50
    bias, logit, told = learn_assurance(known)
    assert told > 1.0
    assert abs(logit) < 0.1
    assert assured(known, np.array([bias, logit, told]))[0][0] > 0.9


def test_learning_finds_the_feature_that_marks_what_is_right() -> None:
    favoured, avoided = fit(two_names(), np.zeros(2), pull=0.1)
    assert favoured > 0.5 > avoided


def test_a_strong_prior_stays_where_it_is() -> None:
    prior = np.array([-1.0, 2.0])
    assert fit(two_names(), prior, pull=1e9) == pytest.approx(prior, abs=1e-6)


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    at, step = np.array([0.3, -0.2]), 1e-6
    slope = loss(two_names(), at)[1]
    for axis in np.eye(2):
        rise = loss(two_names(), at + step * axis)[0] - loss(two_names(), at - step * axis)[0]
        assert rise / (2 * step) == pytest.approx(float(slope @ axis), abs=1e-4)


def test_the_minimiser_reaches_the_bottom_of_a_valley() -> None:
    bottom, steepness = np.array([3.0, -1.0, 0.5]), np.array([1.0, 30.0, 900.0])
    found = minimise(
        lambda at: (float((steepness * (at - bottom) ** 2).sum()), 2 * steepness * (at - bottom)), 0 * bottom
    )
    assert found == pytest.approx(bottom, abs=1e-3)


def test_calibration_rises_and_pools_what_would_fall() -> None:
    pairs = [(p / 1000, (p // 100) % 2 == 0 or p > 600) for p in range(1000)]
    knots = isotonic(pairs)
    assert (np.diff(knots, axis=0) >= 0).all()
    assert knots[0].tolist() == [0.0, 0.0]


def test_written_weights_are_read_back_as_they_were(tmp_path: Path) -> None:
    target = tmp_path / "ranking.json"
    train.write(CONTENT, target)
    assert target.read_bytes() == RANKING.read_bytes()
    again, shipped = shipped_weights(target), shipped_weights()
    assert isinstance(again, Weights)
    assert again.context.tolist() == shipped.context.tolist()
    assert again.first.tolist() == [shipped.first[feature] for feature in Feature if feature < STATIC]
