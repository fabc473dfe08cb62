"""What the geotag stage returns: where the article happens and which places it names."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Model
from schemas.entities import Mention


class PlaceKind(StrEnum):
    """How large a thing a place is."""

    CONTINENT = "continent"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    ADMIN2 = "admin2"
    CITY = "city"
    REGION = "region"
    WATER = "water"
    SITE = "site"


class Place(Model):
    """One place on Earth that the article names, with all its mentions."""

    geoname_id: int = Field(description="GeoNames id; negative ids are Dateline's own, for places without one.")
    name: str
    kind: PlaceKind
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    country_code: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    admin1_code: str | None = Field(default=None, description="GeoNames code of the first-order division, e.g. US.MI.")
    admin1_name: str | None = None
    population: int | None = Field(default=None, ge=0)
    mentions: tuple[Mention, ...] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[str, ...] = Field(default=(), description="Codes that say why this place and not a namesake.")


class Unresolved(Model):
    """A toponym that the gazetteer does not know, or that could be too many places: not guessed."""

    name: str
    mentions: tuple[Mention, ...] = Field(min_length=1)
    reason: str


class FocusArea(Model):
    """A country, region or city that the article is about."""

    geoname_id: int
    name: str
    kind: PlaceKind
    country_code: str | None = None
    score: float = Field(ge=0, le=1, description="Share of the article's evidence for places of this kind.")


class Focus(Model):
    """What the article is about, geographically: best first, each list may be empty."""

    countries: tuple[FocusArea, ...] = ()
    regions: tuple[FocusArea, ...] = ()
    cities: tuple[FocusArea, ...] = ()


class Geotags(Model):
    """All places of an article, in order of first mention. Empty means that none were found."""

    places: tuple[Place, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    focus: Focus = Focus()
