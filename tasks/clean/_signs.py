"""What short lines show of themselves in any language: set phrases and their form, days and times, addresses.

Each sign holds wherever the line stands; the rules of `tasks.clean._elsewhere` add the place. A line is looked at once.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

from tasks.clean._calendar import has_clock, has_day, has_year, is_calendar_line, says_ago, unknown_words
from tasks.clean._folding import Folded, fold
from tasks.clean._memory import remembering
from tasks.clean._phrases import (
    OPEN_WORDS,
    Kind,
    Phrase,
    channel_at,
    has_phrase,
    may_have_phrase,
    phrases_in,
    speaks_of_cookies,
    tells,
)
from tasks.clean._views import count_words

MAX_CHARS: Final = 180
_LINES_KNOWN: Final = 1_024
_ENDS_SENTENCE = re.compile(r"[.!?…。！？।॥؟۔][\"'”’»)\]」』]*$")
_LEADS_ON = re.compile(r"\s*(?:[:：|»>›»«‹<?？!/]|[–—-]+\s|\.{3}|…)+\s*(?=\S)")
"""What parts "Read also" from the headline of what is to be read."""
_BREAKS = re.compile(r"[,.;!?。、؟।]")
_LABELLED = re.compile(r"\s*[:：=©／|]\s*(?=\S)")
_DIGIT = re.compile(r"\d")
_RIGHTS: Final = "©ⓒ"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CREDIT_WORDS: Final = 9
_CREDIT_CHARS: Final = 70
_CAPTION_WORDS: Final = 16
"""Before the credit; more are a paragraph."""
_SOURCE_WORDS: Final = 9
_SAID_WORDS: Final = 3
"""Of a phrase that needs no colon: "con información de agencias"."""
_SHARE_WORDS: Final = 3
_STAMP_WORDS: Final = 30
_STAMP_CHARS: Final = 120
_FOLLOW_WORDS: Final = 24
_CONTACT_WORDS: Final = 13
_MIN_LINK_WORDS: Final = 2
_WALL_WORDS: Final = 24
_NOTICE_CHARS: Final = 600
_NOTICE_BEGIN: Final = 60
"""The phrase stands in so many first characters: an article without line breaks may end in such a notice."""
_QUOTES: Final = "\"'„“”«»‚‘’「『"
_SIGNED_WORDS: Final = 3
Phrases = Sequence[Phrase]
_CONSENT: Final = frozenset({Kind.CONSENT})
_REST: Final = frozenset({Kind.WALL, Kind.UNLOCK})
_WALLED: Final = _REST | {Kind.SIGN_IN}
_INSTEAD: Final = _WALLED | {Kind.NO_ARTICLE}
_PLEA_WORDS: Final = 16
_TIMES = frozenset({Kind.PUBLISHED, Kind.UPDATED, Kind.READING})


class Sign(Enum):
    """A form that lines of one class of leftovers have."""

    ADVERTISEMENT = "advertisement"
    OTHERS_HEADING = "heading over other articles"
    OTHERS_LINK = "another article"
    SHARE = "share"
    FOLLOW = "follow"
    COMMENTS = "comments"
    CREDIT = "photo credit"
    CAPTION = "caption with its credit"
    SOURCE = "source"
    STAMP = "day or time"
    TIMED = "time of publication"
    TAGS = "tags"
    RIGHTS = "copyright"
    MISTAKE = "asks for hints"
    WALL = "for subscribers"
    CONTACT = "address"


def _signs(text: str) -> frozenset[Sign]:
    if len(text) > MAX_CHARS:
        return frozenset()
    is_dated = len(text) <= _STAMP_CHARS and _DIGIT.search(text) is not None
    if not is_dated and not may_have_phrase(text) and "@" not in text:
        return frozenset()
    line = fold(text)
    if not line.words:
        return frozenset()
    if (
        not has_phrase(line)
        and "@" not in text
        and text[0] not in _RIGHTS
        and not (is_dated and is_calendar_line(line))
    ):
        return frozenset()
    phrases = list(phrases_in(line))
    found = {sign for phrase in phrases if phrase.start == 0 for sign in _opened(text, line, phrase)}
    if len(line.words) > 1 and line.words[0].isdigit():  # "12 commentaires"
        counted = (one for one in phrases if one.start == 1 and one.kind is Kind.COMMENTS)
        found.update(sign for one in counted for sign in _comments(text, line, one))
    found.update(sign for sign, test in _TESTS.items() if test(text, line, phrases))
    if Sign.STAMP in found and _is_timed(line, phrases):
        found.add(Sign.TIMED)
    return frozenset(found)


signs_of: Callable[[str], frozenset[Sign]] = remembering(_signs, _LINES_KNOWN)
"""All signs of a line, none for a longer one."""


def _rest(line: Folded, phrase: Phrase) -> str:
    """What follows a phrase, with the punctuation before it."""
    return line.text[line.spans[phrase.end - 1][1] :]


def _is_whole(line: Folded, phrase: Phrase, *, numbers: bool = False) -> bool:
    """Whether nothing but the phrase stands there, or what an open phrase allows, or numbers."""
    rest = line.words[phrase.end :]
    if phrase.is_open:
        return 0 < len(rest) <= OPEN_WORDS and not _BREAKS.search(_rest(line, phrase))
    return not rest or (numbers and all(map(str.isdigit, rest)))


def _opened(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    """The signs of a line that begins with a phrase."""
    test = _OPENED.get(phrase.kind)
    return test(text, line, phrase) if test else ()


def _others(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    rest = _rest(line, phrase)
    if _is_whole(line, phrase) and not (phrase.is_open and _LEADS_ON.match(rest)):
        return (Sign.OTHERS_HEADING,)
    if len(line.words) - phrase.end < _MIN_LINK_WORDS and len(rest) < _CREDIT_WORDS:
        return ()
    told = text[: len(text) - len(text.lstrip()) + line.spans[phrase.end - 1][1]]
    shouts = told.isupper() and not text.isupper() and not _ENDS_SENTENCE.search(text)
    return (Sign.OTHERS_LINK,) if shouts or _LEADS_ON.match(rest) else ()


def _share(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    if _is_whole(line, phrase, numbers=True):
        return (Sign.SHARE,)
    near = len(line.words) - phrase.end <= _SHARE_WORDS and not _ENDS_SENTENCE.search(text)
    listed = ":" in _rest(line, phrase)[:2]
    return (Sign.SHARE,) if (near or listed) and channel_at(line) is not None else ()


def _photo(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    rest = _rest(line, phrase)
    named = len(line.words) - phrase.end
    if len(rest) > _CREDIT_CHARS or named > _CREDIT_WORDS:
        return ()
    is_named = named > 1 and all(word[:1].isupper() for word in text.split()[1:])
    return (Sign.CREDIT,) if _LABELLED.match(rest) or named == 0 or is_named else ()


def _source(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    is_short = len(line.words) - phrase.end <= _SOURCE_WORDS and not _ENDS_SENTENCE.search(text)
    is_said = _LABELLED.match(_rest(line, phrase)) or phrase.end >= _SAID_WORDS
    return (Sign.SOURCE,) if is_short and is_said else ()


def _tags(_text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    return (Sign.TAGS,) if _is_whole(line, phrase) or _LABELLED.match(_rest(line, phrase)) else ()


def _mistake(text: str, line: Folded, phrase: Phrase) -> Sequence[Sign]:
    asks = "?" in text or "@" in text or "؟" in text or ";" in text
    return (Sign.MISTAKE,) if _is_whole(line, phrase) or asks else ()


def _wall(_text: str, _line: Folded, _phrase: Phrase) -> Sequence[Sign]:
    return (Sign.WALL,)


def _alone(sign: Sign, *, numbers: bool = False) -> Callable[[str, Folded, Phrase], Sequence[Sign]]:
    """The sign of a line that is nothing but the phrase, or the phrase and numbers."""
    return lambda _text, line, phrase: (sign,) if _is_whole(line, phrase, numbers=numbers) else ()


_comments = _alone(Sign.COMMENTS, numbers=True)
_OPENED: Final[dict[Kind, Callable[[str, Folded, Phrase], Sequence[Sign]]]] = {
    Kind.ADVERTISEMENT: _alone(Sign.ADVERTISEMENT, numbers=True),
    Kind.READ_ALSO: _others,
    Kind.MOST_READ: _alone(Sign.OTHERS_HEADING),
    Kind.SHARE: _share,
    Kind.COMMENTS: _comments,
    Kind.PHOTO: _photo,
    Kind.SOURCE: _source,
    Kind.TAGS: _tags,
    Kind.MISTAKE: _mistake,
    Kind.WALL: _wall,
}


def _asks_to_follow(_text: str, line: Folded, phrases: Phrases) -> bool:
    """A short line that asks to follow or subscribe, and names a channel."""
    if len(line.words) > _FOLLOW_WORDS:
        return False
    asked = [phrase for phrase in phrases if phrase.kind is Kind.FOLLOW]
    channel = channel_at(line) if asked else None
    return channel is not None and any(
        phrase.start == 0 or phrase.end - phrase.start > 1 or phrase.start > channel for phrase in asked
    )


def _ends_in_credit(text: str, line: Folded, phrases: Phrases) -> bool:
    """A line of caption length that ends in "Photo: Jane Doe", in brackets or behind the caption."""
    if len(line.words) > _CAPTION_WORDS + _CREDIT_WORDS or not any(mark in text for mark in ":：=©"):
        return False
    for phrase in phrases:
        rest = _rest(line, phrase)
        before = line.text[: line.spans[phrase.start][0]].rstrip()
        if (
            phrase.kind is not Kind.PHOTO
            or not _MIN_LINK_WORDS <= phrase.start <= _CAPTION_WORDS
            or not _LABELLED.match(rest)
        ):
            continue
        is_name = len(rest) <= _CREDIT_CHARS and len(line.words) - phrase.end <= _CREDIT_WORDS
        if is_name and not _ENDS_SENTENCE.search(rest.rstrip(" )]）")) and (before[-1:] in ".!?)(（[|…/"):
            return True
    return False


def _is_stamp(text: str, line: Folded, phrases: Phrases) -> bool:
    """A line of days and times, and of words like "published" around them."""
    if len(line.words) > _STAMP_WORDS or not _DIGIT.search(line.text) or text.count("(") != text.count(")"):
        return False
    known, said = _told_times(phrases)
    if not is_calendar_line(line, known):
        return False
    return has_day(line) or says_ago(line) or Kind.READING in said


def _is_timed(line: Folded, phrases: Phrases) -> bool:
    """Whether a stamp says that it tells when something was published: by year and clock, or by the word."""
    return bool(_told_times(phrases)[1]) or (has_clock(line) and has_year(line))


def _told_times(phrases: Phrases) -> tuple[set[int], set[Kind]]:
    """The places of words like "published" and "reading time" in a line, and which of them there are."""
    known: set[int] = set()
    said: set[Kind] = set()
    for phrase in phrases:
        if phrase.kind in _TIMES:
            known.update(range(phrase.start, phrase.end))
            said.add(phrase.kind)
    return known, said


def _is_walled(_text: str, line: Folded, phrases: Phrases) -> bool:
    """A short line that says what to do to read the rest: it begins with that, or asks for an account as well."""
    if len(line.words) > _WALL_WORDS:
        return False
    kinds = {phrase.kind for phrase in phrases}
    if Kind.UNLOCK not in kinds:
        return False
    return Kind.SIGN_IN in kinds or any(phrase.kind is Kind.UNLOCK and phrase.start == 0 for phrase in phrases)


def _is_consent(text: str) -> bool:
    """Whether a passage is a notice about cookies and data: it begins with the phrase, and has a word for cookies."""
    if len(text) > _NOTICE_CHARS or text[:1] in _QUOTES:
        return False
    return speaks_of_cookies(text) and tells(Folded(text[:_NOTICE_BEGIN]), _CONSENT)


is_consent: Callable[[str], bool] = remembering(_is_consent, _LINES_KNOWN)
"""Whether a passage is a notice about cookies and data: it begins with the phrase, and has a word for cookies."""


def leads_to_rest(text: str) -> bool:
    """Whether a line says that the rest of the story is for subscribers, or what to do to read it."""
    if text[:1] in _QUOTES or not may_have_phrase(text):
        return False
    line = fold(text)
    if line.is_unspaced:
        return count_words(text) <= _WALL_WORDS and tells(line, _REST)
    if len(line.words) > _WALL_WORDS:
        return False
    known = [phrase for phrase in phrases_in(line) if phrase.kind in _WALLED]
    begins = any(phrase.start == 0 and phrase.kind in _REST for phrase in known)
    kinds = {phrase.kind for phrase in known}
    return begins or (Kind.UNLOCK in kinds and len(line.words) <= _PLEA_WORDS) or len(kinds) > 1


def says_why_not(text: str) -> bool:
    """Whether a short line says what a page shows in place of its article: an error, a form to sign in, a notice."""
    if not may_have_phrase(text):
        return False
    line = fold(text)
    if count_words(text) <= _WALL_WORDS and tells(line, _INSTEAD):
        return True
    return is_consent(text)


def _claims_rights(text: str, _line: Folded, phrases: Phrases) -> bool:
    return text[0] in _RIGHTS or any(phrase.kind is Kind.RIGHTS for phrase in phrases)


def _is_contact(text: str, line: Folded, _phrases: Phrases) -> bool:
    """A short line with an address, and no sentence."""
    return "@" in text and len(line.words) <= _CONTACT_WORDS and _ADDRESS.search(text) is not None


_TESTS: Final[dict[Sign, Callable[[str, Folded, Phrases], bool]]] = {
    Sign.FOLLOW: _asks_to_follow,
    Sign.CAPTION: _ends_in_credit,
    Sign.STAMP: _is_stamp,
    Sign.RIGHTS: _claims_rights,
    Sign.WALL: _is_walled,
    Sign.CONTACT: _is_contact,
}


def load_tables() -> None:
    """Read the tables of phrases and of the calendar now, and not in each child that is forked."""
    _signs("1 May")


def signed(text: str, authors: Sequence[str], most: int = _SIGNED_WORDS) -> bool:
    """Whether a short line holds an author's name, and beside it a day, an address and a few other words at most."""
    for author in authors:  # extractors join neighbours: "Jane DoeUpdated …"
        text = text.replace(author, f" {author} ")
    line = fold(_ADDRESS.sub(" ", text))
    known, _ = _told_times(list(phrases_in(line)))
    found = False
    for author in authors:
        words = fold(author).words
        for start in range(len(line.words) - len(words) + 1):
            if words and line.words[start : start + len(words)] == words:
                known.update(range(start, start + len(words)))
                found = True
    return found and len(unknown_words(line, known)) <= most
