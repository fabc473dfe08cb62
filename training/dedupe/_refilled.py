"""Articles turned into templates: the same text with other figures, names and words, as the next one or a correction.

Weather, logs, adverts, notices: hosts publish one text again and again with a few words exchanged, and each is an
article of its own. The corpora of pairs have hardly any, so they are made of real articles here. What a correction
exchanges looks the same, but comes within hours; where the two cannot be told apart, neither may be hidden.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_WORDS: Final = (60, 320)
_MOST: Final = (1, 1, 2, 2, 3, 3, 4, 6, 9)
"""So many figures and names are exchanged."""
_MOST_WORDS: Final = (1, 1, 2, 3)
_SLOT_LETTERS: Final = 4
_NUMBER: Final = re.compile(r"(?<![\w.,])\d[\d.,]*(?![\w])")
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
_LOWER: Final = re.compile(r"(?<=[a-z] )[a-z]{4,9}(?= [a-z])")
_SENTENCE: Final = re.compile(r"(?<=[.!?]) ")
_NAMES_EACH, _LOWER_EACH = 5, 40
_PASSAGE: Final = slice(-60, -20)
_NOTE: Final = "\n\nThis version corrects an error in an earlier one."


@dataclass(frozen=True, slots=True)
class Fillers:
    """What is put into texts, from other articles."""

    names: Sequence[str]
    words: Sequence[str]
    passages: Sequence[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Fillers":
        """Names, small words and a passage from the end of each text."""
        return cls(
            [name for text in texts for name in _NAME.findall(text)[:_NAMES_EACH]],
            [word for text in texts for word in _LOWER.findall(text)[:_LOWER_EACH]],
            [" ".join(text.split()[_PASSAGE]) for text in texts],
        )


def start_of(text: str, chance: random.Random) -> str:
    """So much of an article as a short one has."""
    return " ".join(text.split(" ")[: chance.randint(*_WORDS)])


def with_other_marks(text: str, fillers: Fillers, chance: random.Random) -> str:
    """Some of its figures and names exchanged, wherever they stand."""
    return _exchanged(text, chance.choice(_MOST), fillers, chance)


def with_other_words(text: str, fillers: Fillers, chance: random.Random) -> str:
    """A few of its small words exchanged: *cloudy* for *sunny*."""
    words = text.split(" ")
    slots = [place for place, word in enumerate(words) if word.islower() and len(word) >= _SLOT_LETTERS]
    for place in chance.sample(slots, min(len(slots), chance.choice(_MOST_WORDS))):
        words[place] = chance.choice(fillers.words)
    return " ".join(words)


def with_both(text: str, fillers: Fillers, chance: random.Random) -> str:
    """Figures, names and small words."""
    return with_other_words(with_other_marks(text, fillers, chance), fillers, chance)


def with_another_sentence(text: str, fillers: Fillers, chance: random.Random) -> str:
    """One sentence exchanged for another one of its length: the day's entry of a log."""
    sentences = _SENTENCE.split(text)
    place = chance.randrange(len(sentences))
    length = len(sentences[place].split(" "))
    sentences[place] = " ".join(chance.choice(fillers.passages).split(" ")[:length])
    return " ".join(sentences)


Refill = Callable[[str, Fillers, random.Random], str]
REFILLS: Final[tuple[Refill, ...]] = (
    *(with_other_marks,) * 3, with_other_words, with_both, with_another_sentence,
)  # fmt: skip
"""Mostly figures and names are exchanged."""


def fillings_of(text: str, fillers: Fillers, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Beginnings of the article, each with another filling of it."""
    for refill in REFILLS:
        start = start_of(text, chance)
        other = refill(start, fillers, chance)
        if other != start:
            yield start, other


def corrected(text: str, fillers: Fillers, chance: random.Random) -> tuple[str, str]:
    """A beginning of the article, and the same with a figure or name exchanged and a note that says so."""
    start = start_of(text, chance)
    return start, _exchanged(start, 1, fillers, chance) + _NOTE


def _exchanged(text: str, most: int, fillers: Fillers, chance: random.Random) -> str:
    own = sorted({*_NUMBER.findall(text), *_NAME.findall(text)})
    for word in chance.sample(own, min(most, len(own))):
        new = _number_like(word, chance) if word[0].isdigit() else chance.choice(fillers.names)
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", new, text)
    return text


def _number_like(word: str, chance: random.Random) -> str:
    """Another number with as many digits."""
    return re.sub(r"\d", lambda _: str(chance.randint(1, 9)), word)
