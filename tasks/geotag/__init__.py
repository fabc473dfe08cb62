"""Places: which toponyms an article names, which place on Earth each one is, and what the article is about."""

from schemas import PlaceKind
from tasks.geotag._gazetteer import (
    COORDINATE_SCALE,
    FORMAT,
    KINDS,
    REFERENCE,
    SHIPPED,
    Candidate,
    Gazetteer,
    GazetteerMissing,
    GazetteerPlace,
    NameClass,
    shipped_gazetteer,
)
from tasks.geotag._keys import bare_key, name_key
from tasks.geotag._reading import Decision, read
from tasks.geotag._toponyms import Role
from tasks.geotag.stage import GeotagStage

__all__ = [
    "COORDINATE_SCALE",
    "FORMAT",
    "KINDS",
    "REFERENCE",
    "SHIPPED",
    "Candidate",
    "Decision",
    "Gazetteer",
    "GazetteerMissing",
    "GazetteerPlace",
    "GeotagStage",
    "NameClass",
    "PlaceKind",
    "Role",
    "bare_key",
    "name_key",
    "read",
    "shipped_gazetteer",
]
