"""Bylines in other languages than English: "Von Anna Roth und …", "Автор: …", "김서연 기자".

The words for "by" and for who writes stand in the table of phrases. A line is a byline only where every name in it is
written like one.
"""

import re
from typing import Final

from tasks.clean._calendar import has_day, is_calendar_word
from tasks.clean._folding import fold
from tasks.clean._phrases import Kind, phrase_pattern

_BY_WORD: Final = re.compile(
    rf"(?:(?:eine?|une?|una|en|et)\s\w{{4,15}}\s)?{phrase_pattern(Kind.BY)}:?\s", re.IGNORECASE
)
"""Words for "by": what follows must be whole names, and nothing else."""
_ROLE: Final = phrase_pattern(Kind.AUTHOR)
_BY_LABEL: Final = re.compile(rf"{_ROLE}\.?\s?[:：／]\s?", re.IGNORECASE)
_LABEL_WITHIN: Final = re.compile(rf"(?<=\s){_BY_LABEL.pattern}", re.IGNORECASE)
_ROLE_BEFORE: Final = re.compile(rf"{_ROLE}\s(?=\S)", re.IGNORECASE)
_ROLE_BEHIND: Final = re.compile(rf"(?P<name>\S+(?:\s\S+){{0,3}}?),?\s{_ROLE}", re.IGNORECASE)
_AND: Final = r"(?:und|et|y|e|en|och|og|ja|i|a|и|й|та|ve|και|és|și|dan|và|u|და|और|و)"
_BETWEEN: Final = re.compile(rf",\s|\s{_AND}\s|\s?[、;&·]\s?|\sو(?=\w)", re.IGNORECASE)
_LISTED: Final = re.compile(r",\s|\s?[、;&·]\s?")
_BEHIND: Final = re.compile(
    r"\s[|•–—/-]\s|\s?[(|]|,?\s\d|\s{3,}|,\s(?:à|in|aus|en|em|da|de|w|v|ve|i|в|из|у|з|στ\w+)\s(?=[^\W\d_])"
)
"""What ends the names: a place, a role, a time."""
_EDGES: Final = " ,.;:"
_NAME_WORDS: Final = range(1, 6)
_MAX_NAMES: Final = 6
_BYLINE_CHARS: Final = 160
_PARTICLES: Final = frozenset(
    {
        "von", "van", "vom", "zu", "zur", "zum", "der", "den", "dem", "de", "del", "della", "di", "da",
        "do", "dos", "das", "du", "des", "la", "le", "las", "los", "y", "e", "i", "af", "av", "ten", "ter",
    }
)  # fmt: skip


def foreign_byline(text: str) -> tuple[str, ...]:
    """The names in a line like "Von Anna Roth und Karl von der Au" or "Автор: Ольга Сафронова"; empty if it is none.

    >>> foreign_byline("Par Clémence Dufour-Perret et Yann Le Goff")
    ('Clémence Dufour-Perret', 'Yann Le Goff')
    >>> foreign_byline("De Andrei Moldovan, joi, 19 martie 2026, 17:05")
    ('Andrei Moldovan',)
    >>> foreign_byline("Von Sylt nach Rügen")
    ()
    """
    if len(text) > _BYLINE_CHARS:
        return ()
    text = _without_day(text)
    label = _BY_LABEL.match(text)
    if match := label or _BY_WORD.match(text) or _ROLE_BEFORE.match(text):
        return _names(text[match.end() :], at_least=1 if label else 2)
    behind = _ROLE_BEHIND.fullmatch(text)
    return _names(behind["name"], at_least=1 if not _is_cased(text) else 2) if behind else ()


def labelled_names(text: str) -> tuple[str, ...]:
    """The names behind a label within a line of facts: "2026-04-16 09:18 来源：闽江报 记者：陈晓岚"."""
    found = (foreign_byline(text[match.start() :]) for match in _LABEL_WITHIN.finditer(text[:_BYLINE_CHARS]))
    return next(filter(None, found), ())


def _without_day(text: str) -> str:
    """The line up to the first word of its date."""
    line = fold(text)
    if not has_day(line) or len(line.text) != len(text):
        return text
    for word, (start, _) in zip(line.words[1:], line.spans[1:], strict=True):
        if is_calendar_word(word):
            return text[:start].rstrip(" ,(|–—-•")
    return text


def _is_cased(text: str) -> bool:
    return text.lower() != text.upper()


def _names(told: str, at_least: int) -> tuple[str, ...]:
    rest = _BEHIND.split(told, maxsplit=1)[0].strip(_EDGES)
    for between in (_BETWEEN, _LISTED):  # José Ortega y Gasset is one
        names = tuple(name.strip(_EDGES) for name in between.split(rest))
        if len(names) <= _MAX_NAMES and all(is_name(name, at_least) for name in names):
            return names
    return ()


def is_name(name: str, at_least: int = 2) -> bool:
    """Whether words are written like a name: with capitals but for short particles, or in a script without them."""
    words = name.split()
    if not max(at_least, _NAME_WORDS.start) <= len(words) < _NAME_WORDS.stop:
        return not any(map(str.isascii, words)) and len(words) == 1 and not name.isdigit() and not _is_cased(name)
    is_written = [word[0].isupper() or (word[0].isalpha() and not _is_cased(word)) for word in words]
    particles = [word for word, written in zip(words[1:-1], is_written[1:-1], strict=True) if not written]
    return is_written[0] and is_written[-1] and all(word in _PARTICLES for word in particles)
