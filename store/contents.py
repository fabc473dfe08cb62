"""Conditions that need an article's contents: which entities it names, and whether it is a copy.

There is no index for them. Even one of the ten most salient entities of each article would add a seventh to the memory
of its result, and withdrawal, retention and repair would have to keep it right. So the articles that fulfil the other
conditions are read, newest first, up to a limit for each call.
"""

import json
from dataclasses import dataclass

from schemas import COPIES, Label, Relation
from store.codec import unpack


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """An entity that an article must name: a name in any case or an id; with any label unless one is given."""

    name: str
    label: Label | None = None

    @classmethod
    def parse(cls, text: str) -> "NamedEntity":
        """Read `NATO`, `ORG:NATO`, or the id `org:nato`."""
        label, colon, name = text.partition(":")
        return cls(name, Label(label)) if colon and name and label in set(Label) else cls(text)

    def is_in(self, entities: bytes | None) -> bool:
        """Whether a packed output of the entities stage contains it."""
        wanted = self.name.strip().casefold()
        if not entities:
            return False
        found = json.loads(unpack(entities)).get("entities", ())
        return any(
            self.label in {None, entity["label"]} and wanted in {entity["name"].casefold(), entity["id"].casefold()}
            for entity in found
        )


def is_copy(duplicates: bytes | None) -> bool:
    """Whether a packed output of the dedupe stage says that the article is a copy."""
    return bool(duplicates) and Relation(json.loads(unpack(duplicates or b""))["relation"]) in COPIES
