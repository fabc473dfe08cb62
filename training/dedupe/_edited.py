"""Short copies: what is done to the beginning of an article on its way to another page.

The corpora have few short copies. Templates are short, so that a judge that learns of them from nothing else takes
whatever is short for one.
"""

import random
from collections.abc import Callable, Iterator
from typing import Final

from training.dedupe._refilled import Fillers, start_of

Edit = Callable[[str, Fillers, random.Random], str]

_SHARES: Final = (0.1, 0.1, 0.05)
"""Of words that are edited."""
_FEW: Final = (1, 1, 2, 3, 4, 6)
_MISREAD: Final = {
    "e": "c", "c": "e", "o": "0", "l": "1", "i": "j", "h": "li", "m": "rn", "u": "n", "a": "s", "t": "r",
}  # fmt: skip
_MISREAD_SHARE: Final = 0.036
"""Of the letters above, which are about half of a text: two of a hundred characters."""
_LEAST_WORDS: Final = 45
_DATELINE_WORDS: Final = 12
_REPRINTED, _CUT = (0.65, 1.0), (0.35, 0.9)
"""Shares of the text that stay."""
_LINE_WORDS: Final = (4, 16)
_CITIES: Final = ("LONDON", "PARIS", "SPRINGFIELD", "NEW DELHI", "WASHINGTON", "OTTAWA")
_AGENCIES: Final = ("(Reuters)", "(AP)", "(AFP)", "(Staff Report)", "(Newswire)")


def copy_edited(text: str, _: Fillers, chance: random.Random) -> str:
    """Every tenth or twentieth word dropped, doubled, or replaced by another word of the text."""
    share, words = chance.choice(_SHARES), text.split(" ")
    edited: list[str] = []
    for word in words:
        edited += chance.choice(([], [word] * 2, [chance.choice(words)])) if chance.random() < share else [word]
    return " ".join(edited)


def touched(text: str, _: Fillers, chance: random.Random) -> str:
    """A few words replaced, as a second editor does; no figure and no name."""
    words = text.split(" ")
    plain = [place for place, word in enumerate(words) if word.islower()]
    for place in chance.sample(plain, min(chance.choice(_FEW), len(plain))):
        words[place] = words[chance.choice(plain)]
    return " ".join(words)


def misread(text: str, _: Fillers, chance: random.Random) -> str:
    """As a scanner reads it."""
    return "".join(_MISREAD.get(char, char) if chance.random() < _MISREAD_SHARE else char for char in text)


def reprinted(text: str, fillers: Fillers, chance: random.Random) -> str:
    """Under another dateline, shorter, with words edited here and there."""
    words = text.split(" ")
    kept = words[chance.randint(0, _DATELINE_WORDS) : _most(words, _REPRINTED, chance)]
    edited = copy_edited(" ".join(kept), fillers, chance)
    return f"{chance.choice(_CITIES)} {chance.choice(_AGENCIES)} - {edited}"


def cut(text: str, _: Fillers, chance: random.Random) -> str:
    """The beginning."""
    words = text.split(" ")
    return " ".join(words[: _most(words, _CUT, chance)])


def led(text: str, fillers: Fillers, chance: random.Random) -> str:
    """Below a paragraph of the outlet's own."""
    return f"{chance.choice(fillers.passages)}\n\n{text}"


def framed(text: str, fillers: Fillers, chance: random.Random) -> str:
    """With what the page says around it: a line above, one below, or both."""
    above, below = (
        " ".join(chance.choice(fillers.passages).split(" ")[: chance.randint(*_LINE_WORDS)]) for _ in range(2)
    )
    return "\n\n".join(chance.choice(([above, text], [text, below], [above, text, below])))


EDITS: Final[tuple[Edit, ...]] = (copy_edited, touched, misread, reprinted, cut, led, framed)


def edits_of(text: str, fillers: Fillers, chance: random.Random) -> Iterator[tuple[str, str]]:
    """For each edit a beginning of the article, and what the edit makes of it."""
    for edit in EDITS:
        start = start_of(text, chance)
        yield start, edit(start, fillers, chance)


def _most(words: list[str], shares: tuple[float, float], chance: random.Random) -> int:
    return max(_LEAST_WORDS, round(len(words) * chance.uniform(*shares)))
