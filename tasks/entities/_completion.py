"""Dates and amounts of money by rule, beside what the recognizer found: their forms are few and strict.

A found form takes the place of what the recognizer marked inside it or of a date or amount across its edge
("November 12" and "2024"), and gives way to a longer name that holds it ("2024 United States election").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from schemas import Label
from tasks.entities._calendar import DAY, MONTH, WEEKDAY, YEAR
from tasks.entities._dates import COUNT, FEAST
from tasks.entities._money import find_money
from tasks.entities._names import listed
from tasks.entities._rules import Passage, Passages
from tasks.entities.recognizer import Span

_COMPLETED = frozenset({Label.DATE, Label.MONEY})
_FEASTS = sorted(listed("Black Good Super Bloody Ash Palm Easter Cyber Holy Maundy Whit Fat Sheffield"))
_NO_FEAST = "".join(rf"(?<!\b{word}\s)" for word in _FEASTS)
_PAPERS = r"(?:Night|Times|Morning|Post|Mirror|Telegraph|Express|Herald|Mail|School|Edition)"
_TIME_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night))?"
_CAPITAL_DAY = rf"(?:{WEEKDAY}|{WEEKDAY.upper()})"
_CAPITAL_MONTH = rf"(?:{MONTH}|{MONTH.upper()})"
_DAY_OF_MONTH = rf"(?:{_CAPITAL_MONTH}\s{DAY}(?!\d|:|,\d{{3}})|{DAY}\s(?:of\s)?{_CAPITAL_MONTH}(?!\w))"
_COUNTS = rf"(?<!\d,){COUNT}|an?|one|two|three|four|five|six|seven|eight|nine|ten"
_PART_OF_YEAR = r"(?:[Ee]arly|[Ll]ate|[Mm]id)[\s-]"
_LAST_YEAR = r"(?:[–-]\d\d|\s?[–—-]\s?(?:1[5-9]|20)\d\d)"
_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_BEGINNING = (
    r"(?=[A-Z\d]|an?\s|one|two|three|four|five|six|seven|eight|nine|ten|last|next|this|yesterday|today|tonight|tomorrow"
    r"|early|late|mid|first|second|third|fourth|spring|summer|autumn|fall|winter|fiscal|financial)"
)
"""What a date can begin with; to look for this first makes the search three times as fast."""

_DATE = re.compile(
    rf"(?<![\w$€£.-]){_BEGINNING}(?:"
    rf"{_DAY_OF_MONTH}\s(?:to|through|until)\s{_DAY_OF_MONTH}(?:,?\s{YEAR}(?!\d))?"
    rf"|(?<=\b[Bb]etween\s){_DAY_OF_MONTH}\sand\s{_DAY_OF_MONTH}(?:,?\s{YEAR}(?!\d))?"
    rf"|(?:{_CAPITAL_DAY},?\s)?{_CAPITAL_MONTH}\s{DAY}(?!\d|:|,\d{{3}})(?:\s?[–-]\s?{DAY}(?!\d))?(?:,?\s{YEAR}(?!\d))?"
    rf"|(?:{_CAPITAL_DAY},?\s(?:the\s)?)?{DAY}(?:\s?[–-]\s?{DAY})?\s(?:of\s)?{_CAPITAL_MONTH}(?:,?\s{YEAR}(?!\d))?"
    rf"|(?:{_PART_OF_YEAR})?{_CAPITAL_MONTH},?\s{YEAR}"
    rf"|{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    rf"|\d\d?[/.]\d\d?[/.](?:19|20)\d\d(?![./]\d)"
    rf"|(?:(?i:last|next|this(?:\spast)?)\s)?{_NO_FEAST}{_CAPITAL_DAY}(?!['’]?s?\s{_PAPERS}){_TIME_OF_DAY}"
    rf"|(?i:yesterday|tomorrow){_TIME_OF_DAY}|(?i:last\snight)|(?i:today)(?!['’]s)|(?i:tonight)"
    rf"|(?i:last|this|next)\s(?:week|month|year)(?![-\w])"
    rf"|(?i:last|this|next)\s{_FULL_MONTH}(?!\s[A-Z\d])"
    rf"|(?i:{_COUNTS})\s(?:day|week|month|year)s?\sago"
    rf"|{FEAST}(?:,?\s{YEAR}(?!\d))?"
    rf"|(?:[Ff]iscal\s(?:year\s)?|[Ff]inancial\syear\s|FY\s?){YEAR}(?!\d)|Q[1-4]\s{YEAR}(?!\d)"
    rf"|(?:(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)\s(?:half|quarter)|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
    rf"\sof\s{YEAR}(?!\d)"
    rf"|[Ff]iscal\s(?:first|second|third|fourth)\squarter"
    rf"|(?<=\b[Ff]rom\s){YEAR}\sto\s{YEAR}(?!\d)|(?<=\b[Bb]etween\s){YEAR}\sand\s{YEAR}(?!\d)"
    rf"|(?:1[5-9]|20)\d\d{_LAST_YEAR}(?!\d|-)"
    rf"|(?:{_PART_OF_YEAR})?(?:1[5-9]|20)\d0['’]?s"
    rf"|(?:1\d|2[01])th[\s-][Cc]entury|20th[\s-][Cc]entury|21st[\s-][Cc]entury"
    rf"|{_PART_OF_YEAR}(?:19|20)\d\d(?!\d)"
    rf"|{_PART_OF_YEAR}{_FULL_MONTH}(?!\s[A-Z\d])"
    rf"|(?<=\b[Ii]n\s){_FULL_MONTH}(?!\s[A-Z\d])|(?<=\b[Ss]ince\s){_FULL_MONTH}(?!\s[A-Z\d])"
    rf"|(?<=\b[Ii]n\s){YEAR}(?!['’,.]?\d)|(?<=\b[Ss]ince\s){YEAR}(?!['’,.]?\d)"
    rf")(?!\w|-\w)"
)
"""The longer forms stand before those that they begin with."""


def complete(passages: Passages) -> Passages:
    """Add dates and amounts that the recognizer missed, and complete those that it cut."""
    return [passage._replace(spans=_completed(passage)) for passage in passages]


def _completed(passage: Passage) -> list[Span]:
    found = sorted({*_found(passage.text)})
    spans = passage.spans
    for label in (Label.MONEY, Label.DATE):
        spans = _merged(spans, _apart(span for span in found if span.label is label))
    return spans


def _found(text: str) -> Iterable[Span]:
    yield from (Span(start, end, Label.MONEY) for start, end in find_money(text))
    yield from (Span(*match.span(), Label.DATE) for match in _DATE.finditer(text))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Keep the first and longest of those that overlap."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _merged(spans: list[Span], found: list[Span]) -> list[Span]:
    """Put the found spans among the others; both are in order and apart, and so is the answer."""
    ends = [span.end for span in spans]
    gone: set[int] = set()
    added: list[Span] = []
    for span in found:
        first = bisect_right(ends, span.start)
        crossed = []
        while first < len(spans) and spans[first].start < span.end:
            crossed.append(first)
            first += 1
        if all(_gives_way(spans[index], span) for index in crossed):
            gone.update(crossed)
            added.append(span)
    return sorted([*(span for index, span in enumerate(spans) if index not in gone), *added])


def _gives_way(other: Span, span: Span) -> bool:
    if span.start <= other.start and other.end <= span.end:
        return True
    crosses = not (other.start <= span.start and span.end <= other.end)
    return crosses and other.label in _COMPLETED
