"""Fit the weights of stories on the development halves, cross-validate them, and write them.

As with copies: on numbers, never on words; cross-validated by story, so that no tested event was seen.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dedupe_corpora import DATA
from benchmarks.story_corpora import Stories, b_cubed, load_all
from store.stories import StoryProbe
from tasks.dedupe import STORY_EVIDENCE, MemoryStories, Rarity, StoryWeights, assign, story_evidence, unpack_profile
from training.dedupe._fit import Fitted, fit
from training.dedupe._pairs import FOLDS, Example, fold_of

OUTPUT = Path("tasks/dedupe/data/stories.json")
RIDGE = 1.0
JOIN, MERGE = 0.5, 2.0
"""Log-odds, chosen on the cross-validated scores."""
_WEIGHTS = {"web": 1.0, "ecbplus": 0.5, "basil": 0.5}
_ALONE = StoryWeights("none", (0.0,) * len(STORY_EVIDENCE), -1.0, 0.0, 0.0)
"""Weights with which every article stays alone: so that all pairs are seen."""


@dataclass(frozen=True, slots=True)
class _Corpus:
    name: str
    stories: Stories
    examples: list[Example]


def examples_of(name: str, stories: Stories) -> list[Example]:
    """Every article beside the members that the index shows it."""
    index, found = MemoryStories(), []
    for told in stories.told:
        article_id = told.article.ref.article_id
        [view] = index.check([StoryProbe(told.article.ref, tuple(told.profile))])
        rarity = Rarity(view.articles, view.counts)
        for member in view.members:
            other = unpack_profile(member.profile)
            apart = abs(member.about.time - told.about.time)
            same = stories.gold[article_id] == stories.gold[member.article_id]
            folds = (fold_of(stories.gold[article_id]), fold_of(stories.gold[member.article_id]))
            facts = story_evidence(told.profile, other, rarity, apart)
            found.append(Example(tuple(map(float, facts)), same, _WEIGHTS[name], folds))
        assign(index, [told], _ALONE)
    return found


def weights_of(fitted: Fitted) -> StoryWeights:
    """What the stage uses."""
    return StoryWeights("fitting", tuple(fitted.weights.tolist()), fitted.bias, JOIN, MERGE)


def streamed(stories: Stories, weights: Sequence[StoryWeights]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1, each article decided with the weights of its story's fold."""
    index = MemoryStories()
    for told in stories.told:
        gold = stories.gold[told.article.ref.article_id]
        assign(index, [told], weights[fold_of(gold) % len(weights)])
    return b_cubed({article: index.story_of(article) for article in stories.gold}, stories.gold)


def written(fitted: Fitted) -> str:
    """The weights as JSON under a version made of their content."""
    rows = {name: round(float(weight), 3) for name, weight in zip(STORY_EVIDENCE, fitted.weights, strict=True)}
    content = {"bias": round(fitted.bias, 3), "join": JOIN, "merge": MERGE, "evidence": rows}
    version = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
    return json.dumps({"version": version, **content}, indent=1) + "\n"


def _report(corpora: Sequence[_Corpus], fitted: Fitted, tested: Sequence[StoryWeights]) -> None:
    for corpus in corpora:
        for kind, weights in (("", [weights_of(fitted)]), (", unseen stories", tested)):
            precision, recall, f1 = streamed(corpus.stories, weights)
            print(f"{corpus.name + kind:28} B-cubed P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")


def main() -> int:
    """Fit, test, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("The dedupe corpora are missing: set DATELINE_EVAL_DATA to the folder that holds dedupe/.")
        return 2
    loaded: Mapping[str, Stories] = load_all()
    corpora = [_Corpus(name, stories, examples_of(name, stories)) for name, stories in loaded.items()]
    examples = [example for corpus in corpora for example in corpus.examples]
    fitted = fit(examples, RIDGE)
    tested = [
        weights_of(fit([example for example in examples if fold not in example.folds], RIDGE)) for fold in range(FOLDS)
    ]
    _report(corpora, fitted, tested)
    if not options.dry_run:
        OUTPUT.write_text(written(fitted), encoding="utf-8")
        print(f"wrote {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
