"""Fit the verifier's weights, cross-validate them, and write the JSON: ``python -m training.dedupe.train``.

Fitted on the development halves of the near-duplicate corpora and on generated edits: on numbers (shares, gaps,
lengths), never on words. Cross-validated by article: whoever is tested was in no pair that its weights saw.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from benchmarks.dedupe_corpora import DATA, Corpus, Score, clusters_of, copies_of, load, score
from benchmarks.evaluation import tell_missing
from schemas import Duplicates
from store.duplicates import Entry, Probe
from tasks.dedupe import ASPECTS, MemoryIndex, Record, Taken, Weights, decide, pack_record, unpack_record
from training.dedupe._fit import Fitted, fit
from training.dedupe._pairs import FOLDS, Example, fold_of, of_corpus, of_edits, taken

OUTPUT = Path("tasks/dedupe/data/verifier.json")
RIDGE = 1.0
THRESHOLD = 0.5
"""Log-odds: a little above even, because a lost original costs more than a copy that stays."""


def weights_of(fitted: Fitted) -> Weights:
    """What the stage uses."""
    weights, usual = map(tuple, (fitted.weights.tolist(), fitted.usual.tolist()))
    return Weights("fitting", weights, usual, fitted.bias, THRESHOLD)


def streamed(corpus: Corpus, prints: Mapping[str, Taken], weights: Sequence[Weights]) -> Score:
    """Stream a corpus through the index, each article decided with the weights of its fold."""
    index, answers = MemoryIndex(), dict[str, Duplicates]()
    for article_id, taken_ in prints.items():
        [snapshot] = index.check([Probe(article_id, 1, taken_.keys)])
        records = [record for data in snapshot.records if (record := unpack_record(data))]
        chosen = weights[fold_of(article_id) % len(weights)]
        answer = answers[article_id] = decide(article_id, taken_.fingerprint, records, chosen)
        record = pack_record(Record(article_id, answer.cluster_id, taken_.fingerprint))
        kept = None if answer.is_copy else record
        index.commit([Entry(article_id, 1, taken_.keys, snapshot.fence, b"", kept)])
    return score(corpus, clusters_of(answers), copies_of(answers))


def cross_validated(examples: Sequence[Example]) -> list[Weights]:
    """Weights for each fold, from the pairs that none of its articles is in."""
    rest = ([example for example in examples if fold not in example.folds] for fold in range(FOLDS))
    return [weights_of(fit(each, RIDGE)) for each in rest]


def written(fitted: Fitted) -> str:
    """The weights as JSON, rounded to what matters, under a version made of their content."""
    rows = {
        name: {"aspect": aspect, "weight": round(float(weight), 3), "usual": round(float(usual), 3)}
        for (name, aspect), weight, usual in zip(ASPECTS.items(), fitted.weights, fitted.usual, strict=True)
    }
    content = {"bias": round(fitted.bias, 3), "threshold": THRESHOLD, "evidence": rows}
    version = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
    return json.dumps({"version": version, **content}, indent=1) + "\n"


def _print(name: str, found: Score) -> None:
    print(
        f"{name:28} P {found.precision:.3f}  R {found.recall:.3f}  F1 {found.f1:.3f}  "
        f"contained {found.contained_recall:.3f}  false drops/10k {found.false_drops_per_10k:.1f}"
    )


def main() -> int:
    """Fit, test, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    if not DATA.is_dir():
        return tell_missing(DATA)
    corpora = {"reuters dev": load("reuters_nd", "ts"), "web dev": load("gva_nd", "date")}
    prints = {
        name: {article.ref.article_id: taken(article) for article in corpus.articles}
        for name, corpus in corpora.items()
    }
    pairs = (of_corpus(corpus, prints[name], web="web" in name) for name, corpus in corpora.items())
    examples = list(chain(*pairs, of_edits(DATA / "controlled_edits" / "items.jsonl.gz")))
    print(f"{len(examples)} pairs, {sum(example.is_copy for example in examples)} of them copies")
    fitted = fit(examples, RIDGE)
    tested = cross_validated(examples)
    for name, corpus in corpora.items():
        _print(name, streamed(corpus, prints[name], [weights_of(fitted)]))
        _print(f"{name}, cross-validated", streamed(corpus, prints[name], tested))
    if not options.dry_run:
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(written(fitted), encoding="utf-8")
        print(f"wrote {OUTPUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
