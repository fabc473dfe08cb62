"""Articles for benchmarks of speed: as many as wanted, about 600 words each, all different, always the same ones.

Their sentences come from the samples. They are shuffled, so that the articles share phrases but no passages, as
articles of one news day do; quality is never measured on them.
"""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

_SAMPLES = Path(__file__).parent.parent / "samples"
_SENTENCE = re.compile(r"[^.!?\n]{25,}[.!?][”\"’]?(?=\s|$)")
_PARAGRAPH = 4


def _sentences() -> list[str]:
    text = "\n".join(path.read_text("utf-8") for path in sorted(_SAMPLES.glob("*.txt")) if "hamburg" not in path.name)
    return [match.group().strip() for match in _SENTENCE.finditer(text)]


def submissions(count: int, words: int = 600, seed: int = 1) -> Iterator[dict[str, str]]:
    """Submissions as JSON objects, with text and URL."""
    source = random.Random(seed)  # noqa: S311 - repeatable, not secret
    sentences = _sentences()
    for number in range(count):
        chosen: list[str] = []
        while sum(len(sentence.split()) for sentence in chosen) < words:
            # A number of its own makes a sentence as rare as sentences are.
            chosen.append(f"{source.choice(sentences)[:-1]}, {source.randrange(10**6)} in all.")
        paragraphs = [" ".join(chosen[i : i + _PARAGRAPH]) for i in range(0, len(chosen), _PARAGRAPH)]
        yield {
            "url": f"https://bench.example/{seed}/{number}",
            "title": f"Report number {number} of series {seed}",
            "text": "\n\n".join(paragraphs),
            "published_at": "2026-01-05T08:00:00Z",
        }


def ndjson(count: int, seed: int = 1) -> bytes:
    """Submissions as a batch."""
    return b"".join(json.dumps(item).encode() + b"\n" for item in submissions(count, seed=seed))
