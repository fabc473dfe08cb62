"""The batch: what one claim took, travelling through the chain as the tasks' return value."""

from dataclasses import dataclass
from typing import NotRequired, Self, TypedDict

from schemas import Ref
from store import Claim, NewerFormat, formats


class WireBatch(TypedDict):
    """A batch as it stands in a message: ids only, never articles."""

    token: str
    refs: list[str]
    canary: NotRequired[bool]
    format: NotRequired[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """References under one lease. Its token fences every commit."""

    token: str
    refs: tuple[Ref, ...]
    canary: bool = False
    """Whether it belongs to the ledger of the canary, not to that of the articles."""

    @classmethod
    def of(cls, claim: Claim, *, canary: bool = False) -> Self:
        """The batch of a fresh claim."""
        return cls(claim.token, claim.refs, canary)

    @classmethod
    def read(cls, wire: WireBatch) -> Self:
        """The batch in a message.

        Raises:
            NewerFormat: A newer Dateline sent it. Its articles wait until their lease is over; then any worker may
                claim them.
        """
        if formats.is_newer(wire.get("format", 1)):
            raise NewerFormat(wire["format"])
        return cls(wire["token"], tuple(map(Ref.parse, wire["refs"])), wire.get("canary", False))

    def write(self) -> WireBatch:
        """The message that carries the batch."""
        wire: WireBatch = {"token": self.token, "refs": [str(ref) for ref in self.refs]}
        if self.canary:
            wire["canary"] = True
        if formats.FORMAT > 1:
            wire["format"] = formats.FORMAT
        return wire
