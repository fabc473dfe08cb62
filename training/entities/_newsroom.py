"""Made-up news with known labels: what the licensed corpora, encyclopaedia text and tweets, hardly show.

`newsroom/passages/` holds passages by genre, written for Dateline; `newsroom/lists.toml` and `newsroom/persons.toml`
what fills their slots; towns, countries and peoples come from the gazetteer's sources. No passage states a fact.

    {KIND}        a fresh filler
    {KIND:a}      the same filler wherever the letter returns; LAST, FIRST, SHORT, CLUBSHORT, NORP follow their letter's
                  PERSON, COMPANY, CLUB, COUNTRY
    [[ORG|name]]  a name as it stands, with its label
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from training.entities._corpus import Document, Span
from training.entities._names import NameBook, Person

FOLDER = Path(__file__).parent / "newsroom"

_MARK = re.compile(r"\{([A-Z]+)(?::(\w))?\}|\[\[([A-Z]+)\|([^\]]+)\]\]")
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Jan.", "Feb.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AMOUNTS = ("${n} million", "${n} billion", "${n},000", "€{n} million", "£{n} million", "{n} million euros",
            "{n} million yen", "${n}", "{n} billion yuan", "C${n} million", "{n} crore rupees", "${n}.{m} million",
            "{n}m pounds", "$US{n} million", "Rs {n} crore", "{n},000 naira")  # fmt: skip
_LABELS = {
    **dict.fromkeys(("PERSON", "LAST", "FIRST"), "PERSON"),
    **dict.fromkeys(("CITY", "TOWN", "STATE", "COUNTRY", "REGION", "WATER", "TEAM"), "LOC"),
    **dict.fromkeys(
        (
            *("COMPANY", "SHORT", "CLUB", "CLUBSHORT", "UNIVERSITY", "PAPER", "PARTY", "AGENCY", "BODY", "COURT"),
            *("BANK", "HOSPITAL", "SCHOOL", "MILITIA"),
        ),
        "ORG",
    ),
    **dict.fromkeys(("EVENTNAME", "WORK"), "MISC"),
    **dict.fromkeys(("VEHICLE", "GADGET"), "PRODUCT"),
    **dict.fromkeys(("WEEKDAY", "DAYMONTH", "YEAR"), "DATE"),
    "AMOUNT": "MONEY",
    "NORP": "NORP",
    "OFFICE": None,
    "NUMBER": None,
    "SCORE": None,
}
_LED_BY = {"LAST": "PERSON", "FIRST": "PERSON", "SHORT": "COMPANY", "CLUBSHORT": "CLUB", "NORP": "COUNTRY"}


def passages() -> list[tuple[str, str]]:
    """Return every passage with its genre."""
    return [
        (path.stem, line.replace("\\n", "\n"))
        for path in sorted((FOLDER / "passages").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


class Newsroom:
    """Fills passages with names."""

    def __init__(self, book: NameBook) -> None:
        """Draw persons and places from `book`."""
        lists = tomllib.loads((FOLDER / "lists.toml").read_text(encoding="utf-8"))
        self._short: dict[str, str] = lists.pop("SHORT")
        self._clubs: dict[str, str] = lists.pop("CLUBSHORT")
        self._lists: dict[str, list[str]] = {kind: names for kind, names in lists.items() if isinstance(names, list)}
        self._book = book
        self._own: dict[str, Callable[[random.Random], str]] = {
            "CITY": book.city,
            "TOWN": book.town,
            "STATE": book.state,
            "WEEKDAY": lambda choice: choice.choice(_WEEKDAYS),
            "DAYMONTH": lambda choice: f"{choice.choice(_MONTHS)} {choice.randint(1, 30)}",
            "YEAR": lambda choice: str(choice.randint(1940, 2026)),
            "AMOUNT": lambda choice: choice.choice(_AMOUNTS).format(n=choice.randint(1, 950), m=choice.randint(1, 9)),
            "NUMBER": lambda choice: str(choice.randint(2, 900)),
            "SCORE": lambda choice: f"{choice.randint(0, 7)}-{choice.randint(0, 5)}",
        }

    def tell(self, choice: random.Random) -> Iterator[Document]:
        """Yield every passage once, with fresh names."""
        for number, (genre, passage) in enumerate(passages()):
            text, spans = self._filled(passage, choice)
            yield Document(f"newsroom/{genre}-{number}", text, tuple(_with_days(text, spans)))

    def _filled(self, passage: str, choice: random.Random) -> tuple[str, list[Span]]:
        text, last = "", 0
        spans: list[Span] = []
        drawn: dict[tuple[str, str], object] = {}
        for mark in _MARK.finditer(passage):
            text += passage[last : mark.start()]
            kind, letter, label, name = mark.groups()
            said = name or self._said(kind, letter or f"#{mark.start()}", drawn, choice)
            label = label or _LABELS[kind]
            if label is not None:
                spans.append((len(text), len(text) + len(said), label))
            text += said
            last = mark.end()
        return text + passage[last:], spans

    def _said(self, kind: str, letter: str, drawn: dict[tuple[str, str], object], choice: random.Random) -> str:
        leader = _LED_BY.get(kind, kind)
        if (leader, letter) not in drawn:
            drawn[leader, letter] = self._draw(leader, choice)
        return self._form(kind, drawn[leader, letter], choice)

    def _draw(self, kind: str, choice: random.Random) -> object:
        if kind == "PERSON":
            return self._book.person(choice)
        if kind == "COUNTRY":
            return self._book.country(choice)
        return self._own[kind](choice) if kind in self._own else choice.choice(self._lists[kind])

    def _form(self, kind: str, drawn: object, choice: random.Random) -> str:
        if isinstance(drawn, Person):
            return {"LAST": drawn.last, "FIRST": drawn.first}.get(kind, drawn.full)
        name = str(drawn)
        if kind == "COUNTRY":
            return self._book.country_name(name)
        if kind == "NORP":
            return self._book.people(name, choice)
        short = {"SHORT": self._short, "CLUBSHORT": self._clubs}.get(kind, {})
        return short.get(name, name)


def _with_days(text: str, spans: list[Span]) -> list[Span]:
    """Label the weekdays that a passage names outside a slot."""
    taken = [(start, end) for start, end, _ in spans]
    days = [
        (day.start(), day.end(), "DATE")
        for day in _DAY.finditer(text)
        if not any(start < day.end() and day.start() < end for start, end in taken)
    ]
    return sorted([*spans, *days])
