"""Articles turned into templates: the same text with other figures and names, as tomorrow's article or as a correction.

Weather, logs, adverts, notices: hosts publish one text again and again with a few words exchanged, and each is an
article of its own. The corpora of pairs have hardly any, so they are made of real articles here. What a correction
exchanges looks the same, but comes within hours; where the two cannot be told apart, neither may be hidden.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORDS = (60, 320)
_MOST = (1, 1, 2, 2, 3, 3, 4, 6, 9)
"""So many figures and names are exchanged."""
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*(?![\w])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
_SAME_DAY, _SAME_HEADLINE = 0.4, 0.6
_CORRECTED_WITHIN = 8 * 3_600
_DAY = 86_400
_LATEST = 14
_NOTE = "\n\nThis version corrects an error in an earlier one."


@dataclass(frozen=True, slots=True)
class Refilled:
    """A text, and what it is when figures and names are exchanged."""

    text: str
    other: str
    seconds: int
    same_headline: bool
    is_copy: bool


def names_of(text: str) -> list[str]:
    """Capitalised words within sentences."""
    return _NAME.findall(text)


def refilled(text: str, names: Sequence[str], chance: random.Random) -> Iterator[Refilled]:
    """A template and a correction made of one article; none where it has nothing to exchange.

    Args:
        text: The article.
        names: Names of other articles, to put in the place of its own.
        chance: Decides the length, what is exchanged, and when.
    """
    start = " ".join(text.split(" ")[: chance.randint(*_WORDS)])
    other = _exchanged(start, chance.choice(_MOST), names, chance)
    if other == start:
        return
    same_day = chance.random() < _SAME_DAY
    seconds = chance.randint(600, _DAY // 2) if same_day else chance.randint(_DAY * 3 // 4, _LATEST * _DAY)
    yield Refilled(start, other, seconds, chance.random() < _SAME_HEADLINE, is_copy=False)
    one = _exchanged(start, 1, names, chance)
    yield Refilled(
        start, one + _NOTE, chance.randint(600, _CORRECTED_WITHIN), chance.random() < _SAME_HEADLINE, is_copy=True
    )


def _exchanged(text: str, most: int, names: Sequence[str], chance: random.Random) -> str:
    """The text with some of its figures and names exchanged, wherever they stand."""
    own = sorted({*_NUMBER.findall(text), *names_of(text)})
    for word in chance.sample(own, min(most, len(own))):
        new = _number_like(word, chance) if word[0].isdigit() else chance.choice(names)
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", new, text)
    return text


def _number_like(word: str, chance: random.Random) -> str:
    """Another number with as many digits."""
    return re.sub(r"\d", lambda _: str(chance.randint(1, 9)), word)
