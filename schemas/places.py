"""What the geotag stage returns: where the article happens and which places it names."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Model
from schemas.entities import Mention


class PlaceKind(StrEnum):
    """The kind of a place."""

    CONTINENT = "continent"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    ADMIN2 = "admin2"
    CITY = "city"
    REGION = "region"
    WATER = "water"
    SITE = "site"


class Precision(StrEnum):
    """How precisely a place's point locates it."""

    POINT = "point"
    """The place is small: a town, a site. Its point is within a few kilometres of all of it."""
    AREA = "area"
    """The place is large: a country, a region, a sea. Its point is somewhere in it."""
    PARENT = "parent"
    """Its own point is unknown: the point is that of its first-order division."""


class PlaceRole(StrEnum):
    """The role of a place, or of one mention of it, in the article."""

    DATELINE = "dateline"
    """The story was filed from there."""
    MENTION = "mention"
    FOCUS = "focus"
    """The article is about it: it is one of the focus areas."""
    INFERRED = "inferred"
    """It is not in the text: the dateline named it, and was removed with other agency marks."""


class PlaceMention(Mention):
    """One stretch of the article that names a place."""

    role: PlaceRole = Field(default=PlaceRole.MENTION, description="`dateline` or `mention`.")
    confidence: float = Field(ge=0, le=1, description="How sure this mention's place is; calibrated.")
    metonymy: bool = Field(default=False, description="The place stands for those who act there: `Washington said`.")
    recovered: bool = Field(default=False, description="The recognizer missed the name; the gazetteer found it.")


class RunnerUp(Model):
    """The second most likely place of the same name."""

    geoname_id: int
    name: str
    kind: PlaceKind
    country_code: str | None = None
    admin1_code: str | None = None
    probability: float = Field(ge=0, le=1)


class Place(Model):
    """One place on Earth that the article names, with all its mentions.

    A name means one place in an article unless a qualifier says otherwise, so the choice holds for each mention.
    """

    geoname_id: int = Field(description="GeoNames id; negative ids are Dateline's own, for places without one.")
    name: str
    kind: PlaceKind
    feature_class: str | None = Field(default=None, description="GeoNames feature class, e.g. P for populated places.")
    feature_code: str | None = Field(default=None, description="GeoNames feature code, e.g. PPLC for a capital.")
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    precision: Precision = Precision.POINT
    country_code: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    admin1_code: str | None = Field(default=None, description="GeoNames code of the first-order division, e.g. US.MI.")
    admin1_name: str | None = None
    admin2_code: str | None = Field(default=None, description="GeoNames code of the second-order division: US.MI.099.")
    admin2_name: str | None = None
    population: int | None = Field(default=None, ge=0)
    roles: tuple[PlaceRole, ...] = Field(default=(), description="All its roles in the article.")
    mentions: tuple[PlaceMention, ...] = Field(description="Empty only where its role is `inferred`.")
    confidence: float = Field(ge=0, le=1, description="The highest confidence of its mentions.")
    runner_up: RunnerUp | None = Field(default=None, description="Null if no other place has the name.")
    margin: float | None = Field(default=None, ge=0, le=1, description="Probability minus that of the runner-up.")
    evidence: tuple[str, ...] = Field(
        default=(), description="Codes: what spoke for this place and against others of the name."
    )


class Unresolved(Model):
    """A toponym without a place: the gazetteer does not know it, or too many places are possible. None is guessed."""

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
    """The areas that the article is about, best first. Each list may be empty."""

    countries: tuple[FocusArea, ...] = ()
    regions: tuple[FocusArea, ...] = ()
    cities: tuple[FocusArea, ...] = ()


class DatelinePlace(Model):
    """The place that the story's dateline names."""

    text: str
    geoname_id: int | None = Field(default=None, description="Null if it could not be resolved.")


class BoundingBox(Model):
    """The smallest box around the points of all places, in degrees. `west` > `east` if it crosses longitude 180."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)


class Coverage(Model):
    """How many of the article's toponyms have a place. Zero toponyms: the article names no place."""

    toponyms: int = Field(default=0, ge=0, description="Mentions of places, demonyms not counted.")
    resolved: int = Field(default=0, ge=0)


class HomeArea(Model):
    """A division or a smaller place that the other articles of a source often name."""

    geoname_id: int
    name: str
    kind: PlaceKind
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    admin1_code: str | None = Field(default=None, description="GeoNames code of its first-order division, e.g. US.MI.")
    share: float = Field(ge=0, le=1, description="Of the source's articles; the recent ones count more.")


class MemoryUse(Model):
    """What was known about the article's source when its places were resolved. A rerun is given the same."""

    version: int = Field(ge=0, description="How many of the source's articles its memory had counted.")
    articles: int = Field(ge=0, description="How many of them were looked at.")
    home: int | None = Field(default=None, description="GeoNames id of the home that an operator set for the source.")
    areas: tuple[HomeArea, ...] = Field(
        default=(), description="Where the source is at home: divisions, then smaller places, each best first."
    )


class Geotags(Model):
    """All places of an article, in order of first mention. Empty means that none were found."""

    places: tuple[Place, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    focus: Focus = Focus()
    dateline: DatelinePlace | None = None
    bounding_box: BoundingBox | None = Field(default=None, description="Of places whose precision is `point`.")
    coverage: Coverage = Coverage()
    memory: MemoryUse | None = Field(default=None, description="Null if the source is unknown or new.")
    gazetteer: str | None = Field(default=None, description="Version of the gazetteer that the ids are from.")
