"""Names reduced to what identifies them: folded, without titles, articles and possessives."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


def listed(words: str) -> frozenset[str]:
    """Return a list of words, written with blanks between them, as a set."""
    return frozenset(words.split())


TITLES = listed(
    """mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother pope saint st king
    queen prince princess duke duchess count countess baron baroness emperor sultan sheikh imam rabbi president vice
    premier prime minister chancellor secretary senator sen representative rep congressman congresswoman governor gov
    mayor judge justice attorney ambassador general gen lieutenant lt colonel col major maj captain capt sergeant sgt
    commander cmdr admiral adm private officer detective chief director chairman coach former dom don dona herr frau
    monsieur madame taoiseach tanaiste ayatollah archbishop"""
)
"""Words before a person's name that are not part of it (English news usage, a few foreign forms of address)."""

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
"""Numbers that the news writes in letters."""

_GENERATIONS = listed("jr sr junior senior ii iii iv vi vii viii ix xi xii xiii xiv xv xvi")
"""What tells father from son and one king from the next; V and X are left out, as initials."""

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


class PersonName(NamedTuple):
    """A folded person's name without titles, and the generation mark at its end: "jr", "ii"."""

    words: tuple[str, ...]
    mark: str | None


def person_name(key: str) -> PersonName:
    """Take the titles and the generation mark off a folded person's name, and make Slavic endings one.

    "Zelenskiy", "Zelenskyy" and "Zelensky" all end in "y" (romanisations of -ий and -ый differ by newsroom).
    """
    words = key.split()
    while len(words) > 1 and words[0] in TITLES:
        del words[0]
    mark = words.pop() if len(words) > 1 and words[-1] in _GENERATIONS else None
    return PersonName(tuple(_SLAVIC.sub("y", word) if len(word) >= _SLAVIC_LENGTH else word for word in words), mark)


def organisation_words(key: str) -> tuple[str, ...]:
    """Return the words of a folded organisation's name without the legal form at its end."""
    words = key.split()
    while len(words) > 1 and words[-1] in _CORPORATE:
        del words[-1]
    return tuple(words)


_SOUNDS = (
    ("tch", "c"), ("sch", "s"), ("kh", "k"), ("ch", "k"), ("sh", "s"), ("gh", "g"), ("dh", "d"), ("th", "t"),
    ("ph", "f"), ("ck", "k"), ("q", "k"), ("c", "k"), ("w", "v"), ("j", "i"), ("y", "i"),
)  # fmt: skip
_VOWELS = re.compile(r"(?<!^)[aeiou]+(?!$)|(?<=\w)[eiou]+$")
_FIRST_VOWEL = re.compile(r"^[aeiou]+")
_TWICE = re.compile(r"([a-z])\1+")


@lru_cache(maxsize=8_192)
def skeleton(word: str) -> str:
    """Return the sounds of a folded word that romanisations agree on: "Mohammed" and "Muhammad" are both "mhmd".

    Vowels count only in front, and as a final "a", which tells Mario from Maria.
    """
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _FIRST_VOWEL.sub("a", _VOWELS.sub("", _TWICE.sub(r"\1", word)))
