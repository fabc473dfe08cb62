"""Splitting a text into words, and hashing them, for the whole text at once.

A loop over words in Python costs most of the time of a sketch (measurements D7); here a text is an array of code
points, and boundaries, folding and hashes are a handful of array operations on it.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]
CodePoints = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_SLICE: Final = 65_536
"""Code points that are worked on at once: bounds memory, and the tables of powers."""
_OUTSIDE: Final = 0xFFFF
"""Stands for every code point beyond the basic plane (a noncharacter, so it separates words)."""
_BASE: Final = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse modulo 2**64: 2**64 divided by the golden ratio (Knuth, TAOCP 3, 6.4)."""
_SHIFTS: Final = tuple(map(np.uint64, (30, 27, 31)))
_FACTORS: Final = tuple(map(np.uint64, (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))
PAIR_FACTOR: Final = np.uint64(0xD6E8_FEB8_6659_FD93)
"""Odd, so that the order of two words counts."""
_STEM: Final = 5
"""Letters of a stem: "shooting" meets "shoot", "reserves" meets "reserve"."""

_SEPARATOR, _WORD, _ALONE, _MARK = 0, 1, 2, 3
"""A mark belongs to a word between two digits only: ``5.93``."""
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
)  # fmt: skip
"""Blocks written without spaces: Thai and Lao, Burmese, Khmer, kana, CJK ideographs (extension A, the unified ones)."""
_SYLLABLES: Final = (0xAC00, 0xD7A3)
"""Korean writes two or three letters as one character."""
_SYLLABLE_LETTERS, _SYLLABLE_STEM = 2, 2
_UNHEARD: Final = (
    (0x00AD, 0x00AD), (0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x200B, 0x200B), (0x200D, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip
"""What some write within words and others do not: soft hyphens, loose accents, Hebrew and Arabic vowel marks and
lengthening, spaces of no width, joiners, directions, variants. Not the non-joiner, for which others write a space."""
_SPELT_OUT: Final = {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
_GERMAN: Final = (
    ("ae", "a"), ("oe", "o"), ("ue", "u"), ("Ae", "A"), ("Oe", "O"), ("Ue", "U"), ("AE", "A"), ("OE", "O"), ("UE", "U"),
)  # fmt: skip
_NORDIC: Final = (
    ("ae", "a"), ("oe", "o"), ("aa", "a"), ("Ae", "A"), ("Oe", "O"), ("Aa", "A"), ("AE", "A"), ("OE", "O"), ("AA", "A"),
)  # fmt: skip
_TWO_FOR_ONE: Final = {
    **dict.fromkeys(("de", "lb"), _GERMAN), **dict.fromkeys(("da", "nb", "nn", "no", "sv"), _NORDIC),
}  # fmt: skip
"""Languages that are also written without their marked letters, *ue* for *ü*: both become *u*. So do words that have
always had two letters (*neue*), in every text alike."""
_SAME_LETTER: Final = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ħ": "h", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"}
"""Letters without a decomposition that others write as another one; Arabic letters beside their Persian forms."""
_AS_LETTERS: Final = {"0": "o", "1": "l", "5": "s", "8": "b"}
_AS_DIGITS: Final = {"o": "0", "l": "1", "i": "1"}
"""What scanners take for each other. Words of mostly letters get letters back, those of mostly digits digits."""
_ZERO, _TEN, _SMALL_A, _ALPHABET = map(np.uint16, (ord("0"), 10, ord("a"), 26))
_LEAST_LETTERS: Final = 3
"""So that *14th*, *5pm* and *G20* stay as they are."""
_SENTENCE_ENDS: Final = ".!?:;•\n\"“”'‘—–-"
"""After these a capital does not make a name."""
_SPACE: Final = 0x20


class _Tables(NamedTuple):
    """What is known of every code point of the basic plane."""

    kind: npt.NDArray[np.uint8]
    lower: npt.NDArray[np.uint16]
    upper: Flags
    digit: Flags
    sentence_end: Flags
    unheard: Flags
    syllable: Flags
    as_letter: npt.NDArray[np.uint16]
    as_digit: npt.NDArray[np.uint16]


class _Powers(NamedTuple):
    """Powers of the base, and of its inverse, modulo 2**64."""

    up: Hashes
    down: Hashes


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text in their order, one row each. Numbers keep their separators: ``5.93`` is one word."""

    hashes: Hashes
    stems: Hashes
    lengths: Positions
    """In letters: a character of a script that writes syllables counts for two."""
    numbers: Flags
    names: Flags
    unspaced: Flags
    """Single characters of scripts that are written without spaces."""

    def __len__(self) -> int:
        return len(self.hashes)

    def cut(self, start: int, end: int | None = None) -> "Tokens":
        """Some of the words, in their order."""
        part = slice(start, end)
        return Tokens(*(column[part] for column in self.columns()))

    def columns(self) -> tuple[Any, ...]:
        """The arrays, in the order of the fields."""
        return (self.hashes, self.stems, self.lengths, self.numbers, self.names, self.unspaced)

    def character_pairs(self) -> Hashes:
        """Neighbouring characters of scripts without spaces: what comes closest to words there."""
        if not self.unspaced.any():
            return self.hashes[:0]
        both = self.unspaced[:-1] & self.unspaced[1:]
        return mix(self.hashes[:-1][both] + self.hashes[1:][both] * PAIR_FACTOR)


def tokenise(text: str, language: str | None = None) -> Tokens:
    """Split a text into words, blind to case, accents, punctuation, spacing and compatibility forms.

    Scripts that are written without spaces give one word for each character, so that shingles exist for them too.
    """
    return tokenise_both("", text, language)[1]


def tokenise_both(title: str, text: str, language: str | None = None) -> tuple[Tokens, Tokens]:
    """Split a headline and a text at once: most of the time of a short string is that of the call."""
    head = _normal(title, language)[: _SLICE // 2] + "\n" if title else ""
    parts, starts = zip(*map(_tokens_of, _slices(head + _normal(text, language))), strict=True)
    of_title = int(np.searchsorted(starts[0], len(head)))
    tokens = parts[0]
    if len(parts) > 1:
        columns = zip(*(part.columns() for part in parts), strict=True)
        tokens = Tokens(*(np.concatenate(column) for column in columns))
    return tokens.cut(0, of_title), tokens.cut(of_title)


def mix(values: Hashes) -> Hashes:
    """Scatter 64-bit values evenly: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    scattered = values ^ (values >> _SHIFTS[0])
    scattered *= _FACTORS[0]
    scattered ^= scattered >> _SHIFTS[1]
    scattered *= _FACTORS[1]
    scattered ^= scattered >> _SHIFTS[2]
    return scattered


def distinct(values: Hashes) -> Hashes:
    """The distinct values in ascending order; on arrays this short five times as fast as ``np.unique``."""
    ordered = values.copy()
    ordered.sort()
    keep = np.empty(len(ordered), dtype=np.bool_)
    keep[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def _normal(text: str, language: str | None) -> str:
    """The text in compatibility forms, with ligatures spelt out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for letter, spelt in _SPELT_OUT.items():
            if letter in text:
                text = text.replace(letter, spelt)
    for two, one in _TWO_FOR_ONE.get(language or "", ()):
        text = text.replace(two, one)
    return text


def _slices(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > _SLICE:
        cut = text.rfind(" ", start, start + _SLICE)
        end = cut if cut > start else start + _SLICE
        yield text[start:end]
        start = end
    yield text[start:]


def _tokens_of(text: str) -> tuple[Tokens, Positions]:
    """The words, and where they start."""
    tables = _tables()
    points = _points(text)
    unheard = None if text.isascii() else tables.unheard[points]
    places = (~unheard).nonzero()[0] if unheard is not None and unheard.any() else None
    points = points if places is None else points[places]
    starts, ends = _boundaries(points, tables)
    lower = _reread(tables.lower[points], starts, ends)
    running = _running(lower)
    first = points[starts]
    lengths, stem = ends - starts, np.full(len(starts), _STEM)
    if not text.isascii():
        syllables = tables.syllable[first]
        lengths = np.where(syllables, lengths * _SYLLABLE_LETTERS, lengths)
        stem = np.where(syllables, _SYLLABLE_STEM, _STEM)
    tokens = Tokens(
        hashes=_hash_ranges(running, starts, ends),
        stems=_hash_ranges(running, starts, np.minimum(ends, starts + stem)),
        lengths=lengths,
        numbers=tables.digit[lower[starts]],
        names=_names(points, starts, tables),
        unspaced=tables.kind[first] == _ALONE,
    )
    return tokens, starts if places is None else places[starts]


def _points(text: str) -> CodePoints:
    """The code points, one byte each where that is enough."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(wide, _OUTSIDE).astype(np.uint16)


def _boundaries(points: CodePoints, tables: _Tables) -> tuple[Positions, Positions]:
    kind = np.zeros(len(points) + 2, dtype=np.uint8)
    kind[1:-1] = tables.kind[points]
    marks = (kind[2:-2] == _MARK).nonzero()[0] + 1
    inner = marks[tables.digit[points[marks - 1]] & tables.digit[points[marks + 1]]]
    kind[inner + 1] = _WORD
    # A word goes on only from an ordinary word character to another one.
    goes_on = kind == _WORD
    joined = goes_on[:-1] & goes_on[1:]
    word = goes_on[1:-1] | (kind[1:-1] == _ALONE)
    return (word & ~joined[:-1]).nonzero()[0], (word & ~joined[1:]).nonzero()[0] + 1


def _names(points: CodePoints, starts: Positions, tables: _Tables) -> Flags:
    """Words with a capital, but for those at the start of a sentence."""
    names = tables.upper[points[starts]]
    places = names.nonzero()[0]
    capitals = starts[places]
    before = points[np.maximum(capitals - 1, 0)]
    before = np.where(before == _SPACE, points[np.maximum(capitals - 2, 0)], before)
    names[places] = (capitals > 0) & ~tables.sentence_end[before]
    return names


def _reread(lower: npt.NDArray[np.uint16], starts: Positions, ends: Positions) -> npt.NDArray[np.uint16]:
    """Give words their letters and numbers their digits back where a scanner took one for the other.

    Otherwise *1oss* would be a number that no other text has.
    """
    digits = (lower - _ZERO < _TEN).nonzero()[0]
    before, after = lower[digits - 1], lower.take(digits + 1, mode="clip")
    mixed = (_is_letter(before) | _is_letter(after)).nonzero()[0]
    if not len(mixed):
        return lower
    digits, before, after = digits[mixed], before[mixed], after[mixed]
    words = starts.searchsorted(digits, side="right") - 1
    at = starts[words]
    # *14th* and *1990s*, which nearly every text has, are none: they begin with two digits, and have no letter that
    # looks like one beside a digit.
    alike = _tables().as_digit
    doubtful = _is_letter(lower[at]) | _is_letter(lower[at + 1]) | (alike[before] != before) | (alike[after] != after)
    words = words[doubtful]
    if not len(words):
        return lower
    words = words[np.append(True, words[1:] != words[:-1])]
    return _mended(lower, starts[words], (ends - starts)[words])


def _mended(lower: npt.NDArray[np.uint16], starts: Positions, sizes: Positions) -> npt.NDArray[np.uint16]:
    """The text with those of the words mended that are made of plain letters and digits."""
    tables, word = _tables(), np.repeat(np.arange(len(starts)), sizes)
    places = np.arange(len(word)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
    chars = lower[places]
    is_letter, is_digit = _is_letter(chars), chars - _ZERO < _TEN
    letters, digits, alike = (
        np.bincount(word, flags, len(starts)) for flags in (is_letter, is_digit, tables.as_digit[chars] != chars)
    )
    plain, first, second = letters + digits == sizes, lower[starts], _is_letter(lower.take(starts + 1, mode="clip"))
    zero = (first == ord("0")) & second & (letters >= digits)
    led = _is_letter(first) | ((first == ord("1")) & second)
    of_letters = plain & (zero | led & (letters >= _LEAST_LETTERS) & (letters > digits))
    of_digits = plain & (alike == letters) & (letters < digits)
    chars = np.where(of_letters[word], tables.as_letter[chars], chars)
    lower[places] = np.where(of_digits[word], tables.as_digit[chars], chars)
    return lower


def _is_letter(lower: npt.NDArray[np.uint16]) -> Flags:
    return lower - _SMALL_A < _ALPHABET


def _running(folded: npt.NDArray[np.uint16]) -> Hashes:
    """The polynomial of every beginning of the text."""
    running = np.zeros(len(folded) + 1, dtype=np.uint64)
    np.cumsum((folded.astype(np.uint64) + np.uint64(1)) * _powers().up[: len(folded)], out=running[1:])
    return running


def _hash_ranges(running: Hashes, starts: Positions, ends: Positions) -> Hashes:
    """Hash every range at once: differences of the polynomial, shifted back to the same position."""
    return mix((running[ends] - running[starts]) * _powers().down[starts])


@cache
def _powers() -> _Powers:
    inverse = pow(_BASE, -1, 1 << 64)
    factors = np.ones((2, _SLICE + 1), dtype=np.uint64)
    factors[0, 1:], factors[1, 1:] = np.uint64(_BASE), np.uint64(inverse)
    return _Powers(*np.cumprod(factors, axis=1))


def _kind(char: str) -> int:
    if unicodedata.category(char)[0] not in "LNM":
        return _MARK if char in ".," else _SEPARATOR
    return _ALONE if _within(char, _UNSPACED) else _WORD


def _lower(char: str) -> str:
    """The small letter without its accents; digits of any script as the usual ones."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    base, *marks = list(unicodedata.normalize("NFD", char.lower()))
    small = base if all(map(unicodedata.combining, marks)) else char.lower()
    small = _SAME_LETTER.get(small, small)
    return small if len(small) == 1 and ord(small) < _OUTSIDE else char


def _within(char: str, blocks: Iterable[tuple[int, int]]) -> bool:
    return any(low <= ord(char) <= high for low, high in blocks)


@cache
def _tables() -> _Tables:
    chars = [chr(point) for point in range(_OUTSIDE + 1)]
    return _Tables(
        kind=np.array([_kind(char) for char in chars], dtype=np.uint8),
        lower=np.array([ord(_lower(char)) for char in chars], dtype=np.uint16),
        upper=np.array([char.isupper() or char.istitle() for char in chars]),
        digit=np.array([char.isdigit() for char in chars]),
        sentence_end=np.array([char in _SENTENCE_ENDS for char in chars]),
        unheard=np.array([_within(char, _UNHEARD) for char in chars]),
        syllable=np.array([_within(char, (_SYLLABLES,)) for char in chars]),
        as_letter=np.array([ord(_AS_LETTERS.get(char, char)) for char in chars], dtype=np.uint16),
        as_digit=np.array([ord(_AS_DIGITS.get(char, char)) for char in chars], dtype=np.uint16),
    )
