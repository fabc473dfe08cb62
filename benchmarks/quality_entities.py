"""How good the entities stage is: ``make quality-entities``, or with other recognizers' settings as arguments.

Exact spans of PERSON, ORG and LOC on two corpora that nothing was trained or tuned on, for every profile that ships;
pairs of mentions joined as aliases (the rules were chosen on the documents of even number, those of odd number were not
looked at); dates and amounts in sentences of our own. The corpora are looked for in ``DATELINE_EVAL_DATA``; without
them the benchmark exits with 2.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime

from benchmarks.alias_pairs import AliasDocument, PairScore, read_alias_documents, score_names, score_texts
from benchmarks.evaluation import data_folder, tell_missing
from benchmarks.gold_values import ValueScore, read_sentences, score_values
from benchmarks.report import Gates, Report
from schemas import CleanText, Entities, Form, Label, Part, Quality, Ref
from tasks.entities import EntitiesStage, RecognizerUnavailable, open_recognizer
from tasks.entities._aliases import link_aliases
from tasks.entities._merging import merge
from tasks.entities._rules import Passage
from tasks.entities.recognizer import DEFAULT, FAST, Span
from tasks.stage import StageInput
from training.entities._corpus import harmonise, read_documents, split
from training.entities.evaluation import evaluate, table
from training.entities.scoring import Score

CORPORA = {"wikigold": "wikigold.jsonl.gz", "uner_ewt_dev": "uner_ewt_dev.jsonl.gz"}
GATES: Gates = {
    "wikigold_f1": {"min": 81.7},
    "uner_ewt_dev_f1": {"min": 74.5},
    "aliases_pair_f1": {"min": 85.2},
    "aliases_pair_f1_unseen_half": {"min": 84.7},
    "aliases_pair_f1_with_text_unseen_half": {"min": 85.4},
    "aliases_ms_per_document": {"max": 1.0},
    "dates_f1": {"min": 95.0},
    "money_f1": {"min": 97.0},
    "dates_with_value": {"min": 92.0},
}
"""A little under what was reached."""

FAST_GATES: Gates = {"fast_wikigold_f1": {"min": 79.2}, "fast_uner_ewt_dev_f1": {"min": 73.6}}

_EVEN, _ODD = slice(0, None, 2), slice(1, None, 2)
_PUBLISHED = datetime(2024, 11, 12, tzinfo=UTC)


def main(others: Sequence[str]) -> int:
    """Measure, print, write the report; 1 where a gate fails, 2 where the corpora are missing."""
    if not (first := data_folder("entities") / CORPORA["wikigold"]).exists():
        return tell_missing(first)
    settings = [DEFAULT, *([FAST] if is_shipped(FAST) else []), *others]
    metrics = {name: value for setting in settings for name, value in _spans(setting).items()}
    metrics |= _aliases(read_alias_documents(data_folder("entities"))) | _values()
    data = {name: version for setting in settings for name, version in open_recognizer(setting).artefacts.items()}
    return Report("entities", metrics, GATES | (FAST_GATES if FAST in settings else {}), data).publish()


def is_shipped(setting: str) -> bool:
    """Whether a recognizer can be used here."""
    try:
        open_recognizer(setting)
    except RecognizerUnavailable:
        return False
    return True


def prefix(setting: str) -> str:
    """What the metrics of a recognizer begin with: nothing for the default, `fast_`, `spacy_`."""
    return "" if setting == DEFAULT else f"{'fast' if setting == FAST else setting.partition(':')[0]}_"


def _spans(setting: str) -> dict[str, float]:
    scores = {name: evaluate(setting, read_documents(data_folder("entities") / file)) for name, file in CORPORA.items()}
    print(f"\n{setting}\n{table(scores)}\n")
    return {
        f"{prefix(setting)}{corpus}{'' if label == 'all' else f'_{label.lower()}'}_f1": round(score.f1, 2)
        for corpus, labels in scores.items()
        for label, score in _in_order(labels)
    }


def _in_order(labels: dict[str, Score]) -> list[tuple[str, Score]]:
    return sorted(labels.items(), key=lambda item: item[0] != "all")


def _aliases(documents: Sequence[AliasDocument]) -> dict[str, float]:
    def link(mentions: Sequence[tuple[str, Label]]) -> Sequence[int]:
        return link_aliases(mentions).groups

    whole, told = score_names(documents, link), score_texts(documents, _grouped)
    figures = {
        "aliases_pair_f1": whole,
        "aliases_pair_f1_unseen_half": score_names(documents[_ODD], link),
        "aliases_pair_f1_with_text": told,
        "aliases_pair_f1_with_text_seen_half": score_texts(documents[_EVEN], _grouped),
        "aliases_pair_f1_with_text_unseen_half": score_texts(documents[_ODD], _grouped),
        "aliases_exact_match_f1": score_names(documents, _exact),
    }
    return {**_f1(figures), "aliases_ms_per_document": round(told.milliseconds, 3)}


def _f1(figures: dict[str, PairScore]) -> dict[str, float]:
    return {name: round(score.f1, 2) for name, score in figures.items()}


def _exact(mentions: Sequence[tuple[str, Label]]) -> list[int]:
    """Join equal names under one label: the baseline."""
    numbers: dict[tuple[str, Label], int] = {}
    return [numbers.setdefault(mention, len(numbers)) for mention in mentions]


def _grouped(text: str, spans: Sequence[tuple[int, int, Label]]) -> list[int]:
    """Put gold mentions together as the stage does with those that it finds."""
    found = merge([Passage(Part.TEXT, text, [Span(*span) for span in sorted(set(spans))])], _PUBLISHED.date())
    groups = {
        (mention.start, mention.end, entity.label): number
        for number, entity in enumerate(found.entities)
        for mention in entity.mentions
    }
    return [groups[span] for span in spans]


def _values() -> dict[str, float]:
    stage = EntitiesStage()
    figures: dict[str, float] = {}
    for name, label in (("dates", Label.DATE), ("money", Label.MONEY)):
        score = score_values(stage, read_sentences(f"{name}.tsv"), label)
        figures[f"{name}_f1"] = round(score.f1, 1)
        _show(name, score)
    return {**figures, "dates_with_value": _with_value(stage)}


def _show(name: str, score: ValueScore) -> None:
    print(f"\n{name}: {score.right} right of {score.answered} answers and {score.gold} marks; not as marked:")
    print("\n".join(f"  {line}" for line in score.wrong))


def _with_value(stage: EntitiesStage) -> float:
    """Share of the dates found in the development split of the training texts whose meaning is told, in per cent."""
    _, texts = split(harmonise(read_documents(data_folder("entities") / "perm_train.jsonl.gz")))
    answers = stage.run([article(document.text, _PUBLISHED.date()) for document in texts])
    found = [entity for answer in answers if isinstance(answer, Entities) for entity in answer.entities]
    dates = [entity for entity in found if entity.label is Label.DATE]
    told = sum(entity.count for entity in dates if entity.value)
    return round(100 * told / max(1, sum(entity.count for entity in dates)), 1)


def article(text: str, published: date) -> StageInput:
    """An article as the clean stage leaves it."""
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split())))
    accepted = datetime(published.year, published.month, published.day, tzinfo=UTC)
    return StageInput(ref=Ref("benchmark", 1), accepted_at=accepted, clean=clean)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
