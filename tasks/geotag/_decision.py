"""What is decided on a name of an article."""

from dataclasses import dataclass

from tasks.geotag._gazetteer import GazetteerPlace
from tasks.geotag._toponyms import Role, Spot


@dataclass(frozen=True, slots=True)
class Decision:
    """What a group of mentions was found to be: a place, or the reason why none."""

    spots: tuple[Spot, ...]
    place: GazetteerPlace | None
    confidence: float = 0.0
    evidence: tuple[str, ...] = ()
    reason: str | None = None
    role: Role = Role.TOPONYM
    rival: "Rival | None" = None
    in_address: bool = False
    """Whether the article's own address names it as well."""


@dataclass(frozen=True, slots=True)
class Rival:
    """The place that would have been chosen next."""

    place: GazetteerPlace
    probability: float
    margin: float
