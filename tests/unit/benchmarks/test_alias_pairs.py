"""Pair F1 of alias merging: mentions are found in their texts, and pairs are counted."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.alias_pairs import AliasDocument, read_alias_documents, score_names, score_texts
from benchmarks.quality_entities import _grouped
from schemas import Label


def write(path: Path, *rows: dict[str, Any]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def document(tmp_path: Path) -> AliasDocument:
    write(
        tmp_path / "redocred.jsonl.gz",
        {"id": "a-0", "source": "a", "text": 'Wilfried "Willi" Lee met the Federal Bureau (FB).'},
        {"id": "a-1", "source": "a", "text": "Lee left."},
    )
    mentions = [
        ('Wilfried " Willi " Lee', "PERSON", 0), ("Federal Bureau", "ORG", 1), ("FB", "ORG", 1),
        ("Nobody", "PERSON", 2), ("Lee", "PERSON", 0),
    ]  # fmt: skip
    rows = [{"text": text, "label": label, "entity": entity} for text, label, entity in mentions]
    write(tmp_path / "redocred_aliases.jsonl.gz", {"id": "a", "mentions": rows})
    (read,) = read_alias_documents(tmp_path)
    return read


def test_mentions_are_found_by_their_letters_in_order(document: AliasDocument) -> None:
    found = [document.text[start:end] for start, end in document.places]
    assert found == ['Wilfried "Willi" Lee', "Federal Bureau", "FB", "Lee"]
    assert document.text[document.places[-1][0] :] == "Lee left."
    assert document.labels == [Label.PERSON, Label.ORG, Label.ORG, Label.PERSON]


def test_pairs_are_counted_once_and_a_perfect_linker_has_a_hundred(document: AliasDocument) -> None:
    apart = score_names([document], lambda mentions: range(len(mentions)))
    together = score_names([document], lambda mentions: [0] * len(mentions))
    perfect = score_names([document], lambda _: document.entities)
    assert (apart.right, apart.joined, apart.gold, apart.f1) == (0, 0, 2, 0.0)
    assert (together.right, together.joined, together.gold) == (2, 6, 2)
    assert perfect.f1 == 100.0


def test_with_the_text_what_brackets_explain_is_joined(document: AliasDocument) -> None:
    assert score_texts([document], _grouped).f1 == 100.0
