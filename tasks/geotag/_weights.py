"""The weights of the ranking: learned by `training.geotag.train`, shipped as JSON that can be read and compared.

Units are logits: one more makes a candidate e times as likely.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from schemas import Unavailable
from tasks.geotag._doubts import DOUBTS, LIKE_ITS_TOWN
from tasks.geotag._features import STATIC, Feature, Floats

RANKING: Final = Path(__file__).parent / "data" / "ranking.json"
UNLISTED: Final = 2.0
"""The score of the place that the gazetteer lacks; fixed, since only differences count."""
ROUNDS: Final = 3
"""Each round's posteriors are the next round's context; measurements B4 used three."""
CANDIDATES: Final = 24
"""Most candidates kept for a name, the likeliest by their own evidence."""
TARGETS: Final = 240
"""Most likely places to which distances are taken, over the whole article; bounds the distance matrix."""


ASSURING: Final = (
    Feature.POPULATION,
    Feature.QUALIFIER,
    Feature.MEMORY_NEAR,
    Feature.COUNTRY_SHARE,
    Feature.ADMIN1_SHARE,
    Feature.KIND_ADMIN2,
    Feature.NAME_STRIPPED,
    Feature.PART_OF_NAME,
)
"""What makes a choice surer or less sure than its probability says: a name alone may be that of any namesake."""
PLAIN: Final = np.array([0.0, 1.0, 0.0, 0.0, *(0.0 for _ in (*DOUBTS, *ASSURING))])
"""The assurance that leaves a probability as it is."""
_FEATURES: Final = (Feature.KIND_REGION, Feature.KIND_WATER, Feature.KIND_SITE)
"""Kinds whose names say what they are: of a `Niger River` there is hardly one that the gazetteer lacks."""
_UTMOST: Final = 1e-6
"""Probabilities are taken to be that far from 0 and 1: beyond it their logits say nothing more."""


class RankingMissing(Unavailable):
    """The file of weights is not there, or is not one that this version can read."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Logits by `Feature`: `first` before anything is known of the other names, `context` in every later round."""

    version: str
    first: Floats
    context: Floats
    knots: Floats
    """Calibration: rows of (probability, share that was right); what lies between is interpolated."""
    abstain_below: float
    """Probability below which a choice is a guess."""
    assurance: Floats
    """Of the `grounds` of a choice, in their order."""

    def confidence(self, grounds: Floats) -> float:
        """How often choices on such grounds were right on articles that the weights had not seen."""
        assured = 1.0 / (1.0 + math.exp(-float(grounds @ self.assurance)))
        return float(np.interp(assured, self.knots[:, 0], self.knots[:, 1]))


def grounds(
    probability: float, evidence: Floats, context: Floats, doubts: npt.NDArray[np.bool_], *, only: bool
) -> Floats:
    """What the confidence in a choice rests on: its probability, its own evidence, and what the other names say.

    Args:
        probability: Of the choice, from 0 to 1.
        evidence: Its columns up to `STATIC`.
        context: Its columns from there on.
        doubts: Its column of `doubts_of`. Words that say that a division is meant leave no doubt between it and its
            town.
        only: Whether nothing else bears the name: its probability was weighed against no rival, and the gazetteer may
            lack the one that is meant.
    """
    logit = math.log((probability + _UTMOST) / (1.0 - probability + _UTMOST))
    values = (evidence[at] if at < STATIC else context[at - STATIC] for at in ASSURING)
    may_be_wrong = doubts.tolist()
    if evidence[Feature.KIND_WORD] or evidence[Feature.IN_QUALIFIER]:
        may_be_wrong[LIKE_ITS_TOWN] = False
    is_feature = only and any(evidence[kind] for kind in _FEATURES)
    return np.array([1.0, logit, only, is_feature, *may_be_wrong, *values])


def assured_names() -> tuple[str, ...]:
    """What the artefact calls the parts of `grounds`."""
    return ("bias", "logit", "only_bearer", "only_feature", *DOUBTS, *(feature.name.lower() for feature in ASSURING))


def weights_of(content: Mapping[str, Any]) -> Weights:
    """The weights of a parsed artefact.

    Raises:
        RankingMissing: It has other features than this version.
    """
    rows = content["features"]
    if set(rows) != {feature.name.lower() for feature in Feature} or set(content["assurance"]) != set(assured_names()):
        raise RankingMissing("the ranking has other features; train it again")
    columns = [rows[feature.name.lower()] for feature in Feature]
    return Weights(
        version=content["version"],
        first=np.array([row["first"] for row in columns[:STATIC]], dtype=np.float64),
        context=np.array([row["context"] for row in columns], dtype=np.float64),
        knots=np.array(content["calibration"], dtype=np.float64),
        abstain_below=float(content["abstain_below"]),
        assurance=np.array([content["assurance"][name] for name in assured_names()], dtype=np.float64),
    )


@lru_cache(maxsize=4)
def shipped_weights(path: Path = RANKING) -> Weights:
    """The weights of this process, read at the first call.

    Raises:
        RankingMissing: The file is not there or has other features than this version.
    """
    if not path.is_file():
        raise RankingMissing(f"{path.name} is missing; train it with python -m training.geotag.train")
    return weights_of(json.loads(path.read_text()))
