"""Names that the text itself says are one: "Federal Security Service (FSB)", "Facebook, now Meta", "also known as".

Only neighbouring mentions of one label are looked at, and only what stands between them and right after: a few strict
forms, since a wrong one joins two things for the whole article. "A or B" and "A, B" are no such form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from schemas import Label, Mention, Part

_QUOTE = r"\s?(?:the\s)?[\"“‘']?\s?(?:[Tt]he\s)?"
_ADVERB = r"(?:also|better|best|formerly|previously|originally|locally|popularly|professionally|commonly|officially"
_ADVERB += r"|initially|sometimes|often|widely|otherwise|simply|now|later|once|then)"
_CALLED = r"(?:known|called|named|spelled|spelt|written|styled|transliterated|translated|referred\sto|nicknamed|dubbed)"
_OWN_NAME = r"by\s(?:his|her|its|their)\s(?:[a-z]+\s){0,2}(?:name|nickname|pseudonym|initials|acronym)"
_HOW = rf"(?:\s(?:as|simply|locally|in\s[A-Z]\w+(?:\sas)?|{_OWN_NAME}))*"
_LANGUAGE = r"(?:in\s)?[A-Z][a-z]+(?:\s(?:title|name))?(?:\s?[:,]|\sfor)"
_NAMED = rf"(?:{_ADVERB}\s){{1,2}}{_CALLED}{_HOW}|known{_HOW}"
_BEFORE = (
    rf"{_NAMED}|a\.?k\.?a\.?|alias|née|nee|nicknamed|short\sfor|(?:whose\s)?real\sname(?:\sis|\swas)?"
    r"|formerly|previously|originally|renamed(?:\sas)?"
)
_CHANGED = r"(?P<changed>now|later|then)"
_BRACKETED = rf"{_BEFORE}|or|earlier|born|{_CHANGED}|{_LANGUAGE}"
_ASIDE = r"(?:\s?\([^()]{0,60}\))?"

_OPENED = re.compile(rf"{_ASIDE}\s?\(,?\s?(?:(?P<listed>{_NAMED})|{_BRACKETED}){_QUOTE}")
_AFTER_COMMA = re.compile(rf"{_ASIDE},\s(?:or\s|who\sis\s|which\sis\s|and\s)?(?:{_BEFORE}|{_CHANGED}){_QUOTE}")
_SAID = re.compile(
    rf"{_ASIDE}\s(?:is|are|was|were|has\sbeen)\s(?:{_ADVERB}\s){{0,2}}(?:{_CALLED}{_HOW}|renamed){_QUOTE}"
    rf"|\s(?:changed\sits\sname\sto|rebranded\sas|was\srebranded\sas){_QUOTE}"
)
_LISTED = re.compile(r"\s?(?:[,/;]|,?\sand|,?\sor)\s(?:the\s)?")
_BARE_BRACKET = re.compile(rf"\s?\({_QUOTE}")
_CLOSED = re.compile(r"\s?[\"”’']?\s?[),;.]")
_RUNS_ON = re.compile(r"['’]s\b|\s(?:and|or)\s[A-Z]|-")
_ACRONYM = re.compile(r"[A-Z](?:[-.&]?\w){1,8}")
_LONGEST = 110
"""Code points between two mentions; what is longer is another clause."""

_NEVER = frozenset({Label.DATE, Label.MONEY, Label.NORP})
_NO_BARE_FORM = frozenset({Label.LOC, Label.PERSON})
"""What bare brackets say of a place is where it lies, "Springfield (IL)", and of a player for whom he plays."""


class _Form(Enum):
    """How two neighbours are joined; in brackets a list may go on: "(also called A, B and C)", not "(now A, Texas)"."""

    NONE = 0
    JOINED = 1
    OPEN = 2


def explained(texts: Mapping[Part, str], found: Sequence[tuple[Mention, Label]]) -> Iterator[tuple[int, int]]:
    """Yield the indices of the mentions that the text says are one; `found` is in order, part by part."""
    first, state = 0, _Form.NONE
    for index in range(1, len(found)):
        before, mention = found[index - 1][0], found[index][0]
        if found[index - 1][1] is not found[index][1] or before.part is not mention.part or mention.start < before.end:
            state = _Form.NONE
            continue
        if state is not _Form.OPEN:
            first = index - 1
        state = _form(texts[mention.part], before.end, mention, found[index][1], state)
        if state is not _Form.NONE:
            yield first, index


def _form(text: str, start: int, mention: Mention, label: Label, state: _Form) -> _Form:
    if label in _NEVER or mention.start - start > _LONGEST:
        return _Form.NONE
    between = text[start : mention.start]
    if state is _Form.OPEN and _LISTED.fullmatch(between):
        return _Form.OPEN
    if _RUNS_ON.match(text, mention.end):
        return _Form.NONE
    if (told := _OPENED.fullmatch(between)) and _may_have_changed(told, label):
        return _Form.OPEN if told["listed"] else _Form.JOINED
    if (told := _AFTER_COMMA.fullmatch(between)) and _may_have_changed(told, label):
        return _Form.JOINED
    is_said = _SAID.fullmatch(between) or _is_bracketed(text, between, mention, label)
    return _Form.JOINED if is_said else _Form.NONE


def _may_have_changed(told: re.Match[str], label: Label) -> bool:
    """A company is "now" another name; "Czechoslovakia (now Slovakia)" and "Ann Lee, now Bob Ray" are two."""
    return not told["changed"] or label not in _NO_BARE_FORM


def _is_bracketed(text: str, between: str, mention: Mention, label: Label) -> bool:
    """Whether an acronym, or a name in quotation marks, stands alone in brackets right after its full form."""
    if label in _NO_BARE_FORM or not _BARE_BRACKET.fullmatch(between) or not _CLOSED.match(text, mention.end):
        return False
    return bool(_ACRONYM.fullmatch(mention.text)) or between[-1] in '"“‘'
