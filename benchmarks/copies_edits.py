"""Controlled edits: what happens to the text of an article on its way to another page, or through another machine."""

import html
import random
import re
import unicodedata
from collections.abc import Callable

Edit = Callable[[str, random.Random], str]

_MIXED_UP = {"o": "0", "l": "1", "e": "c", "n": "u", "h": "b", "t": "f", "i": "l", "a": "o"}
_DIGITS = {"o": "0", "O": "0", "l": "1", "i": "1", "I": "1", "s": "5", "S": "5", "b": "8", "g": "9", "z": "2"}
_SPOKEN = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_COLUMN = 44
_LONG_WORD = 7
_BRITISH = {"ize": "ise", "color": "colour", "center": "centre", "percent": "per cent", "labor": "labour"}


def copy_edited(text: str, chance: random.Random) -> str:
    """Every tenth word dropped, doubled or replaced by another word of the text."""
    words = text.split(" ")
    edited: list[str] = []
    for word in words:
        edits: tuple[list[str], ...] = ([], [word, word], [chance.choice(words)])
        edited += chance.choice(edits) if chance.random() < 0.1 else [word]  # noqa: PLR2004 - a tenth
    return " ".join(edited)


def misread(text: str, chance: random.Random) -> str:
    """Two of a hundred characters as a scanner misreads them."""
    return "".join(
        _MIXED_UP.get(char, "") if char.isalpha() and chance.random() < 0.02 else char  # noqa: PLR2004 - two percent
        for char in text
    )


def reprinted(text: str, chance: random.Random) -> str:
    """As an outlet prints a wire story: another dateline, without the last paragraph, edited here and there."""
    kept = text.split("\n\n")[:-1] or [text]
    body = re.sub(r"^[A-Z]{3,}[^-–—]{0,30}[-–—] ", "", "\n\n".join(kept))
    words = body.split(" ")
    changed = [chance.choice(words) if chance.random() < 0.04 else word for word in words]  # noqa: PLR2004
    return "EASTBROOK, March 4 (Our Wire Service) - " + " ".join(changed)


def teaser(text: str, _: random.Random) -> str:
    """The first sixty words."""
    return " ".join(text.split()[:60])


def shouted(text: str, _: random.Random) -> str:
    """In capitals."""
    return text.upper()


def escaped(text: str, _: random.Random) -> str:
    """With the entities of HTML left in, as feeds do that escape twice."""
    return html.escape(html.escape(text)).replace("'", "&#8217;").replace(", ", ",&nbsp;")


def hyphenated(text: str, _: random.Random) -> str:
    """In a narrow column, long words parted at the end of a line, as scanners read them."""
    lines, line = list[str](), ""
    for word in text.replace("\n\n", " ¶ ").split():
        room = _COLUMN - len(line) - 1
        if word == "¶":
            lines, line = [*lines, line, ""], ""
        elif len(word) <= room:
            line = f"{line} {word}".strip()
        elif len(word) >= _LONG_WORD and room > _LONG_WORD // 2 and word.isalpha():
            lines, line = [*lines, f"{line} {word[: room - 1]}-"], word[room - 1 :]
        else:
            lines, line = [*lines, line], word
    return "\n".join([*lines, line])


def softly_hyphenated(text: str, _: random.Random) -> str:
    """With soft hyphens in long words, and spaces of no width after slashes and dots."""
    soft = re.sub(r"(\w{4})(?=\w{3})", "\\1\u00ad", text)
    return soft.replace("-", "-\u200b").replace("“", "\u2060“")


def typeset(text: str, _: random.Random) -> str:
    """With ligatures, curly quotes, long dashes, narrow spaces and dots as one character."""
    for plain, set_ in (
        ("ffi", "ﬃ"),
        ("fi", "ﬁ"),
        ("fl", "ﬂ"),
        ("...", "…"),
        (" - ", " — "),
        ("'", "’"),
        (" %", "\u202f%"),
    ):
        text = text.replace(plain, set_)
    return re.sub(r'"([^"\n]*)"', "“\\1”", text).replace(", ", ",\u00a0")


def decomposed(text: str, _: random.Random) -> str:
    """Letters and their accents apart, as some file systems and PDF readers write them."""
    return unicodedata.normalize("NFD", text)


def unaccented(text: str, _: random.Random) -> str:
    """Without accents."""
    spelt = text.replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    return "".join(char for char in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(char))


def printed(text: str, _: random.Random) -> str:
    """The version for printing."""
    return (
        "https://news.example/2026/03/04/story-48213/print  Page 1 of 1\n\nPrint this page | Close window\n\n"
        f"{text}\n\nCopyright 2026 The Eastbrook Herald. All rights reserved. This material may not be published, "
        "broadcast, rewritten or redistributed."
    )


def for_telephones(text: str, _: random.Random) -> str:
    """The version for telephones: advertisements and links between the paragraphs."""
    between = ("Advertisement", "Read more: Ten things to do on Sunday", "Share this on: Facebook Twitter WhatsApp")
    paragraphs = text.split("\n\n")
    parts = [part for place, passage in enumerate(paragraphs) for part in (passage, between[place % len(between)])]
    return "\n\n".join([*parts, "Download our app. Get notified when news breaks."])


def with_local_lead(text: str, _: random.Random) -> str:
    """As a local paper prints it: a paragraph of its own above."""
    lead = (
        "Readers in Eastbrook will feel it too. The mayor, Ada Coleman, said on Wednesday that the town was looking at "
        "what the news means for the harbour, for the two schools on the hill and for everybody "
        "who pays the bills at the end of the month."
    )
    return f"{lead}\n\n{text}"


def walled(text: str, _: random.Random) -> str:
    """The first third, and an invitation to pay."""
    words = text.split(" ")
    return (
        " ".join(words[: max(45, len(words) // 3)])
        + "...\n\nSubscribe to continue reading. Already a subscriber? Log in."
    )


def corrected(text: str, _: random.Random) -> str:
    """One figure changed, and a note at the end."""
    changed = re.sub(r"\d+", lambda found: str(int(found[0]) + 3), text, count=1)
    return f"{changed}\n\nCorrection: an earlier version of this article gave a wrong figure."


def respelt(text: str, _: random.Random) -> str:
    """In British spelling."""
    for american, british in _BRITISH.items():
        text = text.replace(american, british)
    return text


def shortened(text: str, _: random.Random) -> str:
    """Cut from the end to fit, as editors of print do: every second paragraph of the latter half is gone."""
    paragraphs = text.split("\n\n")
    half = (len(paragraphs) + 1) // 2
    return "\n\n".join([*paragraphs[:half], *paragraphs[half::2]])


def attributed(text: str, _: random.Random) -> str:
    """With words of the trade put in: who says so, and when."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", text)
    return " ".join(
        f"{sentence[:-1]}, according to a report on Wednesday."
        if place % 4 == 1 and sentence.endswith(".")
        else sentence
        for place, sentence in enumerate(sentences)
    )


def misread_as_digits(text: str, chance: random.Random) -> str:
    """Three of a hundred letters that look like digits, read as digits, and digits as letters."""
    letters = {digit: letter for letter, digit in _DIGITS.items() if letter.islower()}
    looks = {**_DIGITS, **letters}
    return "".join(looks[char] if char in looks and chance.random() < 0.1 else char for char in text)  # noqa: PLR2004


def in_another_style(text: str, _: random.Random) -> str:
    """By another style book: small numbers in figures, per cent as a sign, days before months."""
    for value, word in enumerate(_SPOKEN, 1):
        text = re.sub(rf"\b{word}\b", str(value), text)
    text = re.sub(r"\s?\b(percent|per cent|Prozent)\b", "%", text)
    return re.sub(r"\b(March|April|May|June) (\d{1,2})\b", r"\2 \1", text)


def rearranged(text: str, chance: random.Random) -> str:
    """Two neighbouring paragraphs change places, or two sentences where there is one paragraph."""
    mark = "\n\n" if text.count("\n\n") > 1 else ". "
    parts = text.split(mark)
    place = chance.randrange(1, max(2, len(parts) - 1))
    parts[place - 1 : place + 1] = reversed(parts[place - 1 : place + 1])
    return mark.join(parts)


def thinned(text: str, _: random.Random) -> str:
    """Every fifth sentence left out, to fit the space."""
    sentences = re.split(r"(?<=[.!?。।؟]) ?", text)
    return " ".join(sentence for place, sentence in enumerate(sentences) if place % 5 != 3)  # noqa: PLR2004


def with_local_tail(text: str, _: random.Random) -> str:
    """As a local paper prints it: a paragraph of its own below."""
    return (
        f"{text}\n\nIn Eastbrook the news was met with a shrug. Roy Hadley, who runs the hardware shop on the square, "
        "said that he had seen three such announcements come and go. The council puts the matter on its agenda."
    )


WORKED_ON: tuple[Edit, ...] = (
    copy_edited, misread, reprinted, teaser, shouted, escaped, softly_hyphenated, printed, walled, decomposed,
    shortened,
)  # fmt: skip
KEPT_BACK: tuple[Edit, ...] = (
    hyphenated, typeset, unaccented, for_telephones, with_local_lead, corrected, respelt, attributed,
)  # fmt: skip
UNSEEN: tuple[Edit, ...] = (misread_as_digits, in_another_style, rearranged, thinned, with_local_tail)
