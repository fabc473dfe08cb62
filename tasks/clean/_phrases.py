"""The set phrases of news sites in other languages than English, read from ``data/phrases.toml``."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tasks.clean._folding import Folded, fold, fold_text

TABLE: Final = Path(__file__).parent / "data" / "phrases.toml"
OPEN_WORDS: Final = 6
"""So many words may follow an open phrase."""


_UNSPACED_CHARS: Final = 10
_LONG_NAME: Final = 5
_BLANKED: Final = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))  # noqa: PLR2004 - ASCII


class Kind(Enum):
    """What a phrase is for; the table's head explains each."""

    ADVERTISEMENT = "advertisement"
    READ_ALSO = "read_also"
    MOST_READ = "most_read"
    SHARE = "share"
    FOLLOW = "follow"
    COMMENTS = "comments"
    PHOTO = "photo"
    SOURCE = "source"
    BY = "by"
    AUTHOR = "author"
    PUBLISHED = "published"
    UPDATED = "updated"
    READING = "reading"
    TAGS = "tags"
    RIGHTS = "rights"
    MISTAKE = "mistake"
    WALL = "wall"
    UNLOCK = "unlock"
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    NO_ARTICLE = "no_article"


class Phrase(NamedTuple):
    """A phrase of one kind that stands in a line: its words are ``line.words[start:end]``."""

    kind: Kind
    start: int
    end: int
    is_open: bool


class Table(NamedTuple):
    """Every phrase under its first word, the longest first; the longest word of each; the names of channels."""

    phrases: dict[str, tuple[tuple[tuple[str, ...], Kind, bool], ...]]
    longest: frozenset[str]
    in_ascii: frozenset[bytes]
    channels: tuple[frozenset[str], tuple[str, ...]]


@lru_cache(maxsize=1)
def read_table() -> dict[str, Any]:
    """The table as it is written: kinds and their phrases for each language, ``channels`` and ``cookies``."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _languages() -> Iterator[dict[str, list[str]]]:
    """The phrases of each language by their kinds."""
    return (kinds for kinds in read_table().values() if isinstance(kinds, dict))


@lru_cache(maxsize=32)
def _written(kinds: frozenset[Kind]) -> tuple[str, ...]:
    """The phrases of some kinds as a folded line without blanks has them, where it has no blanks between words."""
    phrases = (fold(phrase) for ones in _languages() for kind in kinds for phrase in ones[kind.value])
    return tuple({phrase.text.replace(" ", "") for phrase in phrases if phrase.is_unspaced})


@lru_cache(maxsize=1)
def _table() -> Table:
    told = read_table()
    channels = list(dict.fromkeys(" ".join(fold(one).words) for one in told["channels"]))
    long_names = tuple(one for one in channels if len(one) >= _LONG_NAME or not one.isascii())
    found: defaultdict[str, dict[tuple[tuple[str, ...], Kind], bool]] = defaultdict(dict)
    for kinds in _languages():
        for kind, phrases in kinds.items():
            for phrase in phrases:
                words = fold(phrase.removesuffix(" *")).words
                found[words[0]][words, Kind(kind)] = phrase.endswith("*")
    ordered = {
        first: tuple(sorted(((*key, is_open) for key, is_open in ones.items()), key=lambda one: -len(one[0])))
        for first, ones in found.items()
    }
    longest = {max(words, key=len) for ones in found.values() for words, _ in ones}
    in_ascii = frozenset(word.encode() for word in longest if word.isascii())
    return Table(ordered, frozenset(longest), in_ascii, (frozenset(channels), long_names))


def phrases_at(line: Folded, start: int = 0) -> Iterator[Phrase]:
    """The phrases that begin with a word of the line, the longest first.

    In scripts without blanks a phrase is open: what follows it is the same word.
    """
    if start >= len(line.words):
        return
    first = line.words[start]
    for words, kind, is_open in _table().phrases.get(first, ()):
        end = start + len(words)
        if line.words[start:end] == words:
            yield Phrase(kind, start, end, is_open)
    if line.is_unspaced:
        for size in range(min(_UNSPACED_CHARS, len(first) - 1), 1, -1):
            for words, kind, _ in _table().phrases.get(first[:size], ()):
                if len(words) == 1:
                    yield Phrase(kind, start, start + 1, True)


def may_have_phrase(text: str) -> bool:
    """Whether a phrase may stand in a line, before anything is folded: lines in ASCII are looked at as bytes."""
    if not text.isascii():
        return True
    return not _table().in_ascii.isdisjoint(text.encode().lower().translate(_BLANKED).split())


def has_phrase(line: Folded) -> bool:
    """Whether some phrase may stand in the line: a quick look that most lines do not pass."""
    return line.is_unspaced or not _table().longest.isdisjoint(line.words)


def phrases_in(line: Folded) -> Iterator[Phrase]:
    """The phrases anywhere in a line."""
    if not has_phrase(line):
        return
    known = _table().phrases
    for start, word in enumerate(line.words):
        if word in known or line.is_unspaced:
            yield from phrases_at(line, start)


def tells(line: Folded, kinds: frozenset[Kind]) -> bool:
    """Whether a phrase of one of the kinds stands anywhere in a line, also within a run of Chinese or Japanese."""
    if line.is_unspaced:
        bare = line.text.replace(" ", "")
        return any(phrase in bare for phrase in _written(kinds))
    return any(phrase.kind in kinds for phrase in phrases_in(line))


@lru_cache(maxsize=1)
def _cookies() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words for cookies, folded: all of them, and those that a line in ASCII may have."""
    words = read_table()["cookies"]
    return tuple(map(fold_text, words)), tuple(word for word in words if word.isascii())


def speaks_of_cookies(text: str) -> bool:
    """Whether a text has a word for cookies."""
    every, in_ascii = _cookies()
    if text.isascii():
        low = text.lower()
        return any(word in low for word in in_ascii)
    folded = fold_text(text)
    return any(word in folded for word in every)


def channel_at(line: Folded) -> int | None:
    """The place of the first word in the line that names a newsletter, an app, a social network.

    Longer names may have an ending.
    """
    whole, beginnings = _table().channels
    for index, word in enumerate(line.words):
        pair = f"{word} {line.words[index + 1]}" if index + 1 < len(line.words) else word
        if word in whole or pair in whole or word.startswith(beginnings):
            return index
        if line.is_unspaced and any(one in word for one in beginnings):
            return index
    return None


def phrase_pattern(*kinds: Kind) -> str:
    """A pattern of all phrases of some kinds as they are written, to be matched without regard to case."""
    phrases = {phrase for ones in _languages() for kind in kinds for phrase in ones[kind.value] if "*" not in phrase}
    return f"(?:{'|'.join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))})"
