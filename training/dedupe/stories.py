"""Fit the weights of stories on the development halves, cross-validate them, and write them.

As with copies: on numbers, never on words; cross-validated by story, so that no tested event was seen. Pairs in which
one article has no date are weighed on their own; these weights are learned from ECB+, and from the other two corpora
with their dates taken away.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.dedupe_corpora import DATA
from benchmarks.evaluation import tell_missing
from benchmarks.story_corpora import Stories, b_cubed, load_all, without_dates, without_names
from tasks.dedupe import (
    STORY_EVIDENCE,
    STORY_OPEN,
    UNDATED_STORY_EVIDENCE,
    MemoryStories,
    StoryWeights,
    Weighing,
    apart_of,
    assign,
    planted,
    side_in,
    story_evidence,
)
from training.dedupe._boost import OF_STORIES, Grown, grow, lines_of, with_trees
from training.dedupe._fit import Fitted, fit
from training.dedupe._pairs import FOLDS, Example, fold_of

OUTPUT = Path("tasks/dedupe/data/stories.json")
RIDGE = 1.0
DATED_THRESHOLDS = {"join": 0.0, "alone": 0.5, "merge": 0.5, "everyone": 0.4}
UNDATED_THRESHOLDS = {"join": -1.0, "alone": 1.5, "merge": 2.5, "everyone": 0.6}
"""Chosen on the cross-validated scores, where their neighbours give about the same."""
_MORE_SPEAKS = dict.fromkeys(STORY_EVIDENCE, 0)
"""The trees may ask about everything; in which direction more of a number speaks is left to them."""
_DATED = {"web": 1.0, "basil": 2.0}
_UNDATED = {"ecbplus": 1.0, "basil": 0.3, "web": 0.1}
"""How much a pair of each corpus counts."""


@dataclass(frozen=True, slots=True)
class Judges:
    """The two judges of dated pairs, or the one of undated ones, and what was chosen for them."""

    names: tuple[str, ...]
    weighed: Fitted
    grown: Grown | None
    thresholds: Mapping[str, float]

    @property
    def weighing(self) -> Weighing:
        """What the stage uses."""
        trees = planted(self.grown.bias, self.grown.trees, self.names) if self.grown else None
        return Weighing(tuple(self.weighed.weights.tolist()), self.weighed.bias, **self.thresholds, trees=trees)

    def rows(self) -> dict[str, Any]:
        """As JSON, rounded to what matters, without the trees."""
        weights = zip(self.names, self.weighed.weights, strict=True)
        evidence = {name: round(float(weight), 3) for name, weight in weights}
        bias = {"trees_bias": round(self.grown.bias, 4)} if self.grown else {}
        return {"bias": round(self.weighed.bias, 3), **self.thresholds, "evidence": evidence, **bias}


@dataclass(frozen=True, slots=True)
class _Examples:
    """Pairs for the two sets of weights."""

    dated: list[Example]
    undated: list[Example]

    def fitted(self, unseen: int | None = None) -> tuple[Judges, Judges]:
        """What the pairs teach; those of one fold may be left out."""
        dated, undated = (
            [example for example in examples if unseen not in example.folds] for examples in (self.dated, self.undated)
        )
        weighed = fit(dated, RIDGE)
        grown = grow(_open(dated, weighed), STORY_EVIDENCE, _MORE_SPEAKS, OF_STORIES)
        return (
            Judges(STORY_EVIDENCE, weighed, grown, DATED_THRESHOLDS),
            Judges(UNDATED_STORY_EVIDENCE, fit(undated, RIDGE), None, UNDATED_THRESHOLDS),
        )


def _open(examples: Sequence[Example], weighed: Fitted) -> list[Example]:
    """The pairs that the weighed sum does not settle: of others the trees are not asked."""
    odds = np.array([example.evidence for example in examples]) @ weighed.weights + weighed.bias
    return [example for example, each in zip(examples, odds, strict=True) if each > STORY_OPEN]


def weights_of(dated: Judges, undated: Judges) -> StoryWeights:
    """What the stage uses."""
    return StoryWeights("fitting", dated.weighing, undated.weighing)


def examples_of(stories: Stories, weight: float) -> Iterable[Example]:
    """Every article beside the members that the index shows it."""
    index = MemoryStories()
    for told in stories.told:
        article_id = told.article.ref.article_id
        [view] = index.check([replace(told.probe, copy_of=None)])
        own = told.side(told.profile(view, ()))
        for member in view.members:
            facts = story_evidence(own, side_in(member.profile), apart_of(told.about, member.about))
            same = stories.gold[article_id] == stories.gold[member.article_id]
            folds = (fold_of(stories.gold[article_id]), fold_of(stories.gold[member.article_id]))
            yield Example(facts, same, weight, folds)
        assign(index, [told], _alone())


def _alone() -> StoryWeights:
    """Weights with which every article stays alone: so that all pairs are seen."""
    dated, undated = (
        Weighing((0.0,) * len(names), -1.0, join=0, alone=0, merge=0, everyone=0)
        for names in (STORY_EVIDENCE, UNDATED_STORY_EVIDENCE)
    )
    return StoryWeights("none", dated, undated)


def streamed(stories: Stories, weights: Sequence[StoryWeights]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1, each article decided with the weights of its story's fold."""
    index = MemoryStories()
    for told in stories.told:
        gold = stories.gold[told.article.ref.article_id]
        assign(index, [told], weights[fold_of(gold) % len(weights)])
    return b_cubed({article: index.story_of(article) for article in stories.gold}, stories.gold)


def written(dated: Judges, undated: Judges) -> str:
    """The weights as JSON under a version made of their content; a line for each tree."""
    content = {"dated": dated.rows(), "undated": undated.rows()}
    trees = lines_of(dated.grown) if dated.grown else []
    version = hashlib.sha256((json.dumps(content) + "".join(trees)).encode()).hexdigest()[:12]
    return with_trees(json.dumps({"version": version, **content}, indent=1), {"trees": trees}) + "\n"


def _examples(corpora: Mapping[str, Stories]) -> _Examples:
    dated = [one for name, weight in _DATED.items() for one in examples_of(corpora[name], weight)]
    undated = [one for name, weight in _UNDATED.items() for one in examples_of(without_dates(corpora[name]), weight)]
    return _Examples(dated, undated)


def _report(corpora: Mapping[str, Stories], fitted: StoryWeights, tested: Sequence[StoryWeights]) -> None:
    shown = dict(corpora) | {"basil without dates": without_dates(corpora["basil"])}
    shown |= {f"{name} without names": without_names(stories) for name, stories in corpora.items()}
    for name, stories in shown.items():
        for kind, weights in (("", [fitted]), (", unseen stories", tested)):
            precision, recall, f1 = streamed(stories, weights)
            print(f"{name + kind:36} B-cubed P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}", flush=True)


def main() -> int:
    """Fit, test, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    if not DATA.is_dir():
        return tell_missing(DATA)
    corpora = load_all()
    examples = _examples(corpora)
    fitted = examples.fitted()
    _report(corpora, weights_of(*fitted), [weights_of(*examples.fitted(fold)) for fold in range(FOLDS)])
    if not options.dry_run:
        OUTPUT.write_text(written(*fitted), encoding="utf-8")
        print(f"wrote {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
