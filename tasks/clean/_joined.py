"""Texts whose line breaks are lost: a long line is looked at sentence by sentence, so that leftovers in it are lines.

A piece ends where a sentence ends and the next begins with a capital. Buttons and headings that stand before a
sentence, without a full stop of their own, are pieces too. When a piece is taken out, what stands on both sides is
split at the same place again: cleaning the result changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_LONG_CHARS = 1_000
"""No paragraph of the development golds with more than this has fewer than eight sentences; of their lines .6 % do."""
_MIN_SENTENCES = 8
_START = r"(?=[\"“‘'«(\[]?[A-ZÀ-ÞА-Я0-9©•])"
_CREDIT = r"\((?:Image|Photo|Picture|Pic|Credit)s?\s?(?:[Cc]redit)?s?\s?:\s?[^()]{1,80}\)"
_SENTENCE_END = re.compile(rf"(?:{_CREDIT}|(?<=[.!?…])[\"”’»)\]]*)\s+{_START}")
"""A picture's credit ends its caption, which has no full stop."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Jr|Sr|vs|No|Inc|Corp|Co|Ltd|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)"
    r"|\b[ap]\.m|\b(?:[A-Z]\.)+[A-Z])\.$"
)
_LIST = re.compile(r"[A-Z][a-z]+(?:\s\w+){1,3}\s?:\s?[•·▪●■◦‣*|]")
"""A heading and its list stay with the sentence before them, since the rule for them looks at ends of paragraphs."""
_BUTTON = (
    r"(?:Share|Tweet|Print|E-?mail|Save|Copy\slink|Facebook|Twitter|LinkedIn|WhatsApp|Reddit|Pinterest|Telegram|SMS)"
)
_LABEL = re.compile(
    r"(?:Advertisements?|ADVERTISEMENTS?|(?:Story|Article)\scontinues\sbelow(?:\s(?:this\s)?advertisement)?"
    rf"|Share\s(?:this|on)\s(?:article|story|post|page|{_BUTTON})|(?:{_BUTTON}(?:\s|$)){{2,}}"
    r"|\d[\d,]*\s(?:[Cc]omments?|COMMENTS?|[Rr]eplies|[Rr]esponses|[Ss]hares)|Comments?(?:\s?\(?\d+\)?)?|All\sComments"
    r"|\d+\s(?:thoughts|responses|replies|comments)\s(?:on|to)\s[“\"][^”\"]{5,160}[”\"]|(?:Leave|Post|Add)\s[Aa]\s(?:[Cc]omment|[Rr]eply)"
    r"|(?:Related|Recommended|More|Latest|Popular|Trending|Top)\s(?:[Aa]rticles?|[Ss]tories|[Nn]ews|[Tt]opics|[Pp]osts|[Vv]ideos|[Cc]overage|[Ll]inks)\s?:?"
    rf"|Most\s(?:[Rr]ead|[Pp]opular|[Vv]iewed)\s?:?|Read\s[Nn]ext\s?:?|You\s(?:[Mm]ay|[Mm]ight)\s(?:[Aa]lso\s)?[Ll]ike\s?:?)\s*(?:{_START}|$)"
)


_CLOSING = re.compile(
    r"(?<=\s)(?:\d+\s(?:thoughts|[Rr]esponses|[Cc]omments|[Rr]eplies)\s(?:to|on)\s[“\"‘][^”]{5,160}[”\"]"
    r"|\d+\s(?:[Cc]omments?|COMMENTS?)(?=\s[A-Z])|(?:All\s)?Comments(?=\s(?:All|You\smust|Masthead|Add\s|Please|\d))|Top\sRated\sComments"
    r"|(?:Leave|LEAVE)\s[aA]\s(?:[Rr]eply|[Cc]omment|REPLY|COMMENT)|(?:View|Show|Read|Load)\s(?:[Aa]ll\s)?[Cc]omments)(?=\s|$)"
)
"""Headings of what readers wrote. They are found within a sentence as well: all that follows goes with them."""
_DAY = r"(?:[A-Z][a-z]{2,8}\.?\s\d{1,2},?|\d{1,2}\s[A-Z][a-z]{2,8}\.?)\s\d{4}"
_DATED = re.compile(
    rf"(?:\[\s?{_DAY}\s?\]|(?:(?:First\s|Last\s)?(?:Published|Updated|Posted)(?:\s?:|\son)?\s(?:[A-Z][a-z]{{2,5}}day,\s)?{_DAY}"
    r"(?:,?\s(?:at\s)?\d{1,2}[:.]\d{2}\s?(?:[AaPp]\.?[Mm]\.?)?(?:\s[A-Z]{2,4}(?=\s))?)?))(?=\s)"
)
"""Dates in brackets, each above the headline of another article; when the article was published."""


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(line):
        end = match.start() + len(match[0].rstrip())
        if _ABBREVIATION.search(line, max(start, match.start() - 8), match.start()) or _LIST.match(line, match.end()):
            continue
        yield start, end
        start = match.end()
    yield start, len(line)


def pieces(line: str) -> list[tuple[int, int]]:
    """The spans of the pieces of a long line; the whole line where it is none."""
    if len(line) < _LONG_CHARS:
        return [(0, len(line))]
    sentences = list(_sentences(line))
    if len(sentences) < _MIN_SENTENCES:
        return [(0, len(line))]
    found: list[tuple[int, int]] = []
    for sentence_start, end in sentences:
        start = sentence_start
        while label := _LABEL.match(line, start, end):
            found.append((start, start + len(label[0].rstrip())))
            start = label.end()
            if start >= end:
                break
        closing = _CLOSING.search(line, start, end)
        dates = [place for match in _DATED.finditer(line, start, end) for place in match.span()]
        marks = sorted((*dates, *(closing.span() if closing else ())))
        found += [(low, high) for low, high in _cut(line, start, end, marks) if low < high]
    return found


def _cut(line: str, start: int, end: int, marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The span in parts, without the blanks at their ends."""
    for low, high in pairwise((start, *marks, end)):
        raw = line[low:high]
        yield low + len(raw) - len(raw.lstrip()), low + len(raw.rstrip())
