"""The head of a story: headline, byline, dateline.

Headline and byline are taken out of the text, since they are fields of their own. The dateline stays in the text: it
is part of the first sentence, its place is a place of the article, and offsets of later stages may point at it.
"""

import re
from collections.abc import Callable, Sequence

from schemas import Dateline
from tasks.clean._applying import Taken
from tasks.clean._foreign_byline import foreign_byline
from tasks.clean._passages import Passage
from tasks.clean._views import count_words, is_item, is_prose

_WORD = re.compile(r"\w+")
_HEADLINE_CHARS = 180
"""The longest headline in the development pages has 165 characters."""
_HEADLINE_WORDS = range(3, 31)
_ENDS_OPEN = re.compile(r"[.,;:。、][\"'”’»)\]]*$")
_KICKER_WORDS = 4
_HEAD_REGION = 4
"""Headline and byline stand among the first passages: kicker, headline, standfirst, byline."""
_SAME_SHARE = 0.7
_SAME_WORDS = 4
_LIKELY_SHARE = 0.5
"""Texts of more different length are not worth comparing word by word."""

_NAME_WORD = r"(?:[A-Z][\w'’.-]*|de|del|della|da|di|van|von|der|den|la|le|bin|al|el|ben|ter)"
_NAME = rf"[A-Z][\w'’.-]*(?:\s{_NAME_WORD}){{1,4}}"
_BYLINE = re.compile(
    rf"(?i:(?:story\s|written\s|reported\s|posted\s|words\s|interview(?:ed)?\s|reviewed\s|(?:photographs|pictures|words)\sand\s\w+\s)?by):?\s"
    rf"(?P<names>{_NAME}(?:(?:,\s|,?\sand\s|\s&\s){_NAME}){{0,5}})"
    r"(?:\s?[,|/•·–—(-]\s?[^.!?]{1,80}|\s[·•|-]|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2},\s\d{4}\b[^!?]{0,30})?"
)
_BYLINE_CHARS = 160
_BETWEEN_NAMES = re.compile(r",\sand\s|\sand\s|\s&\s|,\s")
_ORGANISATION = re.compile(
    r"\b(?:press|news|reuters|staff|correspondents?|reporters?|editors?|writers?|bureau|agency|agencies|times|post"
    r"|tribune|service|desk|team|media|network|cnn|bbc|afp|ap|upi)\b",
    re.IGNORECASE,
)

_MONTH = r"(?:Jan|Feb|March|Mar|April|Apr|May|June|Jun|July|Jul|Aug|Sept|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
DATE = rf"(?:{_MONTH}\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\s{_MONTH}(?:,?\s\d{{4}})?)"
_DASH = r"(?:—|―|–|--|-)"
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ'’.]+(?:[\s/-][A-ZÀ-Þ][A-ZÀ-Þ'’.]*){0,3}"
_AREA = (
    r"(?:,\s(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z][\w.'’-]{0,20}(?:\s[A-Z][\w.'’-]{0,20}){0,2})"
)
_MIXED = r"[A-ZÀ-Þ][\w'’.-]{1,25}(?:\s[A-ZÀ-Þ][\w'’.-]{1,25}){0,3}"
_AGENCY = r"\s?\((?P<agency>[^()]{1,40})\)"
_DATELINES = (
    re.compile(rf"(?P<place>{_CAPITALS}{_AREA}?)(?:,\s{DATE})?{_AGENCY}\s?{_DASH}\s"),
    re.compile(rf"(?P<place>{_CAPITALS}{_AREA}?)(?:,\s{DATE})?\s{_DASH}\s"),
    re.compile(
        r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ'’]{2,20}(?:\s[A-ZÀ-Þ'’]{2,20}){0,3})(?:,\s[^.,]{2,30})?\.\s?[-–—]\s?(?=[^\W\d_]|[“«])"
    ),
    re.compile(rf"(?P<place>{_MIXED}{_AREA}?)(?:,\s{DATE})?{_AGENCY}\s?{_DASH}\s"),
)
"""The third is how Spanish papers write it: "ROSARIO.- El puente".

Capitals need no agency; a place in mixed case does, or every sentence with an early dash were a dateline."""
_DATELINE_CHARS = 140
_NO_PLACE = frozenset({"breaking", "update", "updated", "exclusive", "watch", "video", "opinion", "analysis", "new"})


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, punctuation and a site's name behind one of them.

    >>> same_title("Vote delayed again in Sumy", "Vote Delayed Again in Sumy | The Herald")
    True
    """
    if min(len(one), len(other)) < _LIKELY_SHARE * max(len(one), len(other)):
        return False
    short, long = sorted((_key(one), _key(other)), key=len)
    if short == long:
        return bool(short)
    enough = short.count(" ") + 1 >= _SAME_WORDS and len(short) >= _SAME_SHARE * len(long)
    return enough and long.startswith(short + " ")


def _looks_like_headline(text: str) -> bool:
    if len(text) > _HEADLINE_CHARS or _ENDS_OPEN.search(text) or is_item(text):
        return False
    return count_words(text) in _HEADLINE_WORDS and not _BYLINE.fullmatch(text) and find_dateline(text) is None


def _is_headline(passages: Sequence[Passage]) -> bool:
    """A paragraph of one short line without a full stop, and a story below it."""
    below = passages[1 : 1 + _HEAD_REGION]
    if below and below[0].text[0].islower():  # the line goes on: it is the first of a wrapped paragraph
        return False
    return _looks_like_headline(passages[0].text) and any(is_prose(passage.text) for passage in below)


def _has_kicker(passages: Sequence[Passage]) -> bool:
    """Whether the first line is a label in capitals over the real headline: "MIDDLE EAST CRISIS"."""
    label, below = passages[0].text, passages[1].text
    if not label.isupper() or label.count(" ") >= _KICKER_WORDS or below.isupper():
        return False
    return below.count(" ") > label.count(" ") and _is_headline(passages[1:])


def _peel(
    rule: str,
    passages: Sequence[Passage],
    belongs: Callable[[str], bool],
    ends: Callable[[str], bool] = lambda _text: False,
) -> tuple[list[Passage], list[Taken]]:
    """Take what belongs to a rule off the head of the text, until none of the first passages that are left does.

    Args:
        rule: Name for the record.
        passages: The text.
        belongs: Whether a passage is to be taken.
        ends: Whether the head ends before a passage.
    """
    kept: list[Passage] = []
    taken: list[Taken] = []
    for passage in passages:
        if len(kept) == _HEAD_REGION or ends(passage.text):
            break
        if belongs(passage.text):
            taken.append(Taken(rule, passage))
        else:
            kept.append(passage)
    return [*kept, *passages[len(kept) + len(taken) :]], taken


def take_headline(
    passages: Sequence[Passage], title: str | None, others: Sequence[str] = ()
) -> tuple[str | None, list[Passage], list[Taken]]:
    """Take the headline off the text.

    Args:
        passages: The text.
        title: The title if it is known: its repetition at the head of the text is taken. If not, a first line that
            looks like a headline becomes the title.
        others: Other titles of the same story, which are taken as well.

    Returns:
        The title, the passages that are left, and what was taken. The only passage of a text is never taken.
    """
    if title is None:
        if len(passages) < 2 or passages[0].is_piece or not _is_headline(passages):  # noqa: PLR2004 - a headline and a story
            return None, list(passages), []
        title = passages[_has_kicker(passages)].text
    known = (title, *others)
    left, taken = _peel("headline", passages, lambda text: any(same_title(text, one) for one in known))
    if not left and taken:
        left = [taken.pop().passage]
    below = _repeated_below(left, title)
    return title, [one for one in left if one not in below], [*taken, *(Taken("headline", one) for one in below)]


def _repeated_below(passages: Sequence[Passage], title: str) -> list[Passage]:
    """Lines behind the last paragraph that are the title once more: old templates print their heads at the end."""
    last = max((index for index, passage in enumerate(passages) if is_prose(passage.text)), default=len(passages))
    key = _key(title)
    return [passage for passage in passages[last + 1 :] if key and not passage.is_piece and _key(passage.text) == key]


def _people(names: str) -> tuple[str, ...]:
    people = (" ".join(name.split()) for name in _BETWEEN_NAMES.split(names))
    people = (name.title() if name.isupper() else name for name in people)
    return tuple(name for name in people if not _ORGANISATION.search(name))


def _byline(text: str) -> re.Match[str] | None:
    return _BYLINE.fullmatch(text) if len(text) <= _BYLINE_CHARS else None


def take_byline(passages: Sequence[Passage]) -> tuple[str | None, tuple[str, ...], list[Passage], list[Taken]]:
    """Take lines like "By Jane Doe" off the head of the text, before its first paragraph or below a standfirst.

    Returns:
        The first byline, the persons in it, the passages that are left, and what was taken.
    """
    below = 1 if passages and is_prose(passages[0].text) else 0
    head = passages[: below + 1] if below else passages
    left, taken = _peel("byline", head[below:], lambda text: bool(_byline(text) or foreign_byline(text)), is_prose)
    left = [*head[:below], *left, *passages[len(head) :]]
    first = taken[0].passage.text if taken else ""
    match = _byline(first)
    return first or None, _people(match["names"]) if match else foreign_byline(first), left, taken


def find_dateline(text: str) -> Dateline | None:
    """Recognise the dateline at the start of a text.

    >>> find_dateline("TROY, N.C. (AP) — The bridge is closed.").place
    'TROY, N.C.'
    """
    start = text[:_DATELINE_CHARS]
    for pattern in _DATELINES:
        match = pattern.match(start)
        if match and match["place"].casefold() not in _NO_PLACE:
            agency = match["agency"].strip() if "agency" in pattern.groupindex else None
            return Dateline(text=match[0].rstrip(), place=match["place"], agency=agency)
    return None
