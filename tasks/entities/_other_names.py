"""Names that no spelling shows to be one: Kiev and Kyiv, Britain and the United Kingdom, Bill and William. Data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from tasks.entities._names import fold

_SHIPPED = Path(__file__).parent / "data" / "other_names.toml"


@dataclass(frozen=True, slots=True)
class OtherNames:
    """For each other name the usual one, both folded."""

    places: Mapping[str, str]
    first_names: Mapping[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of `usual = [other, …]` tables."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(*(_folded(tables[name]) for name in ("places", "first_names")))

    def place(self, key: str) -> str:
        """Return the usual name of a place."""
        return self.places.get(key, key)

    def first_name(self, name: str) -> str:
        """Return the full form of a first name."""
        return self.first_names.get(name, name)


def _folded(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(other): fold(usual) for usual, others in table.items() for other in others}


@cache
def shipped() -> OtherNames:
    """Return the list that ships, read once."""
    return OtherNames.read(_SHIPPED)
