"""Made-up articles for the tests of dedupe: words without meaning, so that only their sameness counts."""

import random
from datetime import UTC, datetime, timedelta

from schemas import CleanText, Entities, Entity, Form, Label, Mention, Part, Quality, Ref
from tasks.dedupe._fingerprint import Fingerprint, take
from tasks.dedupe._record import Record
from tasks.stage import StageInput

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
_WORDS = [f"word{number:x}" for number in range(3_000)]


def body(seed: int, words: int = 300) -> str:
    """A text of its own for every seed, in paragraphs of 50 words."""
    chosen = random.Random(seed).choices(_WORDS, k=words)
    return "\n\n".join(" ".join(chosen[start : start + 50]) for start in range(0, words, 50))


def clean(text: str, title: str | None = None, hours: float = 0, **fields: object) -> CleanText:
    values = {"quality": Quality(words=len(text.split())), **fields}
    return CleanText(
        title=title, text=text, language="en", form=Form.TEXT, published_at=NOON + timedelta(hours=hours), **values
    )


def article(article_id: str, text: str, title: str | None = None, *, revision: int = 1, **fields: object) -> StageInput:
    source = fields.pop("source", "news.example")
    entities = fields.pop("entities", None)
    cleaned = clean(text, title, **fields)
    return StageInput(Ref(article_id, revision), NOON, source=source, clean=cleaned, entities=entities)


def fingerprint(
    text: str, title: str | None = None, host: str | None = "news.example", **fields: object
) -> Fingerprint:
    return take(clean(text, title, **fields), None, host, NOON).fingerprint


def record(article_id: str, taken: Fingerprint, cluster_id: str | None = None) -> Record:
    return Record(article_id, cluster_id or article_id, taken)


def entities(*names: str) -> Entities:
    mention = Mention(start=0, end=1, text="x", part=Part.TEXT)
    found = [Entity(id=name, label=Label.PERSON, name=name, mentions=(mention,), count=1, salience=1) for name in names]
    return Entities(entities=tuple(found))
