"""The reading of one foreign document: what is taken, under which name, and what is left over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.adapters._values import is_blank, is_plain
from schemas import MAX_EXTRA_BYTES, DatelineError, Warning


class NoArticle(DatelineError):
    """The document holds nothing that its format calls an article; the message says what is missing."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True)
class Adapted:
    """A document as the fields of a submission, not validated yet.

    Attributes:
        fields: What goes into the submission, ``extra`` included.
        origins: Field of the submission to the field of the document that it was read from.
        warnings: What had to be left out.
    """

    fields: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()


def _same(value: Any) -> Any:
    return value


class Foreign:
    """A foreign document while it is read. Plain values that are taken leave it; structured ones are kept as well."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.rest = {name: value for name, value in document.items() if not is_blank(value)}
        self._fields: dict[str, Any] = {}
        self._origins: dict[str, str] = {}

    def map(self, target: str, *names: str, read: Callable[[Any], Any] = _same) -> None:
        """Fill a field of the submission from the first of these that holds something.

        Args:
            target: Field of the submission. One that is filled already stays.
            names: Fields of the document, the best one first.
            read: Turns the document's value into the submission's.
        """
        for name in names:
            raw = self.rest.get(name)
            value = None if raw is None else read(raw)
            if target not in self._fields and not is_blank(value):
                self.put(target, value, name)
                if is_plain(raw):
                    del self.rest[name]

    def put(self, target: str, value: Any, origin: str) -> None:
        """Fill a field with a value that was read from a field of the document."""
        if not is_blank(value):
            self._fields[target] = value
            self._origins[target] = origin

    def get(self, target: str) -> Any:
        """What a field was filled with, if it was."""
        return self._fields.get(target)

    def drop(self, *names: str) -> None:
        """Leave out what says nothing that is not taken already."""
        for name in names:
            self.rest.pop(name, None)

    def adapted(self) -> Adapted:
        """The end of the reading."""
        extra, warnings = _bounded(self.rest)
        fields = self._fields | ({"extra": extra} if extra else {})
        return Adapted(fields, self._origins, warnings)


def _bounded(extra: dict[str, Any]) -> tuple[dict[str, Any], tuple[Warning, ...]]:
    """Leave the largest fields out where the rest is more than a submission may carry: the article is worth more."""
    sizes = {name: len(repr(value)) + len(name) + 6 for name, value in extra.items()}
    kept = dict(extra)
    while sum(sizes.values()) > MAX_EXTRA_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        del sizes[largest], kept[largest]
    if len(kept) == len(extra):
        return kept, ()
    message = "was larger than 64 KiB; its largest fields were left out"
    return kept, (Warning(field="extra", code="shortened", message=message),)
