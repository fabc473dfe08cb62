"""Templates: fillings of one text are articles of their own, however alike (``benchmarks/gold/templates*.toml``)."""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.copies_cases import Case, Expected, Half, Told, unwrapped

CHANGED = (1, 2, 3)
"""So many figures or names differ between two fillings."""
_TIMES = 12
_IN_A_ROW = 30
_HABIT, _HABIT_TIMES = 8, 4
_TEMPLATES = (Path("benchmarks/gold/templates.toml"), Path("benchmarks/gold/templates_unseen.toml"))
Fillers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots, and what may stand in each."""

    name: str
    title: str
    text: str
    days: float
    slots: Mapping[str, list[str | int]]

    def filled(self, chance: random.Random) -> dict[str, str]:
        """Fillers for all slots."""
        return {name: _drawn(slot, chance) for name, slot in self.slots.items()}

    def changed(self, fillers: Fillers, most: int, chance: random.Random) -> dict[str, str]:
        """The fillers with so many of them exchanged for others."""
        redrawn = dict(fillers)
        for name in chance.sample(sorted(fillers), most):
            while redrawn[name] == fillers[name]:
                redrawn[name] = _drawn(self.slots[name], chance)
        return redrawn

    def told(self, fillers: Fillers, number: int) -> Told:
        """A filling as an article, some days after the one before. ``{first}`` is the first part of a name."""
        words = {**fillers, "first": fillers.get("name", "").split(" ")[0]}
        return Told(
            name=f"{self.name}, {number}",
            title=self.title.format(**words),
            text=unwrapped(self.text.strip().format(**words)),
            hours=number * (self.days * 24 or 0.5),
            expected=Expected.STANDS,
        )


def templates(half: Half) -> Iterator[Template]:
    """The templates of one half."""
    for row in chain.from_iterable(tomllib.loads(path.read_text("utf-8"))["template"] for path in _TEMPLATES):
        if row["half"] == half:
            yield Template(row["name"], row["title"], row["text"], row["days"], row["slots"])


def pairs(half: Half, most: int) -> Iterator[Case]:
    """Two fillings each that differ in so many slots."""
    for template in templates(half):
        chance = random.Random(template.name)  # noqa: S311 - not for secrets
        for _ in range(_TIMES):
            fillers = template.filled(chance)
            both = (fillers, template.changed(fillers, most, chance))
            yield Case(template.name, half, [template.told(each, number) for number, each in enumerate(both)])


def habits(half: Half, most: int) -> Iterator[Case]:
    """Eight fillings of each template, and a ninth that differs from the eighth in so many slots."""
    for template in templates(half):
        chance = random.Random(template.name)  # noqa: S311 - not for secrets
        for _ in range(_HABIT_TIMES):
            row = [template.filled(chance) for _ in range(_HABIT)]
            row.append(template.changed(row[-1], most, chance))
            yield Case(template.name, half, [template.told(each, number) for number, each in enumerate(row)])


def runs(half: Half) -> Iterator[Case]:
    """Thirty fillings of each template in a row, as a host publishes them."""
    for template in templates(half):
        chance = random.Random(template.name)  # noqa: S311 - not for secrets
        told = [template.told(template.filled(chance), number) for number in range(_IN_A_ROW)]
        yield Case(template.name, half, told)


def _drawn(slot: list[str | int], chance: random.Random) -> str:
    low, high = slot[0], slot[-1]
    if isinstance(low, int) and isinstance(high, int):
        return str(chance.randint(low, high))
    return str(chance.choice(slot))
