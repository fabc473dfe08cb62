"""Scores of a recognizer on the evaluation corpora: exact spans of PERSON, ORG and LOC.

    python -m training.entities.evaluation [model folder]

Nothing is tuned on these corpora; what the training run may look at is its own development split.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.evaluation import data_folder
from schemas import CleanText, Entities, Form, Quality, Ref
from tasks.entities import EntitiesStage, Recognizer
from tasks.stage import StageInput
from training.entities._corpus import Document, harmonise, read_documents, split
from training.entities.scoring import Score, score_spans

CORPORA = {"wikigold": "wikigold.jsonl.gz", "ewt": "uner_ewt_dev.jsonl.gz"}
"""Evaluation corpora by the name that metrics use."""


def evaluate(recognizer: str | Recognizer, documents: Sequence[Document]) -> dict[str, Score]:
    """Score the whole stage with this recognizer on labelled documents."""
    stage = EntitiesStage(recognizer)
    pairs = []
    for document in documents:
        (answer,) = stage.run([_article(document.text)])
        if not isinstance(answer, Entities):
            raise TypeError(f"{document.name}: {answer}")
        predicted = [(m.start, m.end, entity.label.value) for entity in answer.entities for m in entity.mentions]
        pairs.append((document.spans, predicted))
    return score_spans(pairs)


def _article(text: str) -> StageInput:
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    return StageInput(ref=Ref("evaluation", 1), accepted_at=datetime.now(UTC), clean=clean)


def evaluate_all(recognizer: str | Recognizer) -> dict[str, dict[str, Score]]:
    """Score a recognizer on every evaluation corpus and on the training corpus' development split."""
    scores = {
        name: evaluate(recognizer, read_documents(data_folder("entities") / file)) for name, file in CORPORA.items()
    }
    _, development = split(harmonise(read_documents(data_folder("entities") / "perm_train.jsonl.gz")))
    return {**scores, "development": evaluate(recognizer, development)}


def table(scores: dict[str, dict[str, Score]]) -> str:
    """Return a Markdown table of precision, recall and F1 by corpus and label."""
    lines = ["| corpus | label | precision | recall | F1 | gold |", "| --- | --- | --- | --- | --- | --- |"]
    for corpus, labels in scores.items():
        for label, score in labels.items():
            figures = f"{score.precision:.1f} | {score.recall:.1f} | {score.f1:.1f} | {score.gold:,}"
            lines.append(f"| {corpus} | {label} | {figures} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table for the shipped model or for the folder named on the command line."""
    scores = evaluate_all(f"onnx:{sys.argv[1]}" if len(sys.argv) > 1 else "onnx")
    print(table(scores))
    print(json.dumps({f"{corpus}_f1": round(labels["all"].f1, 2) for corpus, labels in scores.items()}))


if __name__ == "__main__":
    main()
