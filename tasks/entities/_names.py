"""Names reduced to what identifies them: folded, without titles, articles and possessives."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def listed(words: str) -> frozenset[str]:
    """Return a list of words, written with blanks between them, as a set."""
    return frozenset(words.split())


TITLES = listed(
    """mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother pope saint st king
    queen prince princess duke duchess count countess baron baroness emperor sultan sheikh imam rabbi president vice
    premier prime minister chancellor secretary senator sen representative rep congressman congresswoman governor gov
    mayor judge justice attorney ambassador general gen lieutenant lt colonel col major maj captain capt sergeant sgt
    commander cmdr admiral adm private officer detective chief director chairman coach former dom don dona herr frau
    monsieur madame"""
)
"""Words before a person's name that are not part of it (English news usage, a few foreign forms of address)."""

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
"""Numbers that the news writes in letters."""

_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_CORPORATE = listed("inc incorporated corp corporation co company ltd limited llc plc lp ag sa nv gmbh group holdings")
_JOINTS = re.compile(r"[\s\-‐‑‒–—/_]+")
_DROPPED = re.compile(r"[^\w\s]|_")
_POSSESSIVE = re.compile(r"['’‘`´]s?$")
_SLAVIC = re.compile(r"(?:iy|yy|yi|ij|yj|ii|i)$")
_SLAVIC_LENGTH = 6

_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)


@lru_cache(maxsize=8_192)
def fold(surface: str) -> str:
    """Return `surface` in lower case, without accents, punctuation, a leading "the" and a possessive ending."""
    text = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", surface.strip()))
    text = "".join(character for character in text if not unicodedata.combining(character)).casefold()
    text = _DROPPED.sub("", _JOINTS.sub(" ", text.translate(_PLAIN_LETTERS)))
    return " ".join(text.split()).removeprefix("the ")


def person_words(key: str) -> tuple[str, ...]:
    """Return the words of a folded person's name without titles and generation marks, Slavic endings made one.

    "Zelenskiy", "Zelenskyy" and "Zelensky" all end in "y" (romanisations of -ий and -ый differ by newsroom).
    """
    words = key.split()
    while len(words) > 1 and words[0] in TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in _GENERATIONS:
        del words[-1]
    return tuple(_SLAVIC.sub("y", word) if len(word) >= _SLAVIC_LENGTH else word for word in words)


def organisation_words(key: str) -> tuple[str, ...]:
    """Return the words of a folded organisation's name without the legal form at its end."""
    words = key.split()
    while len(words) > 1 and words[-1] in _CORPORATE:
        del words[-1]
    return tuple(words)
