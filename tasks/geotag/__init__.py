"""Places: which toponyms an article names, which place on Earth each one is, and what the article is about."""

from schemas import PlaceKind
from tasks.geotag._answer import place_of
from tasks.geotag._decision import Decision
from tasks.geotag._doubts import DOUBTS
from tasks.geotag._features import CONTEXT, STATIC, Feature, Floats, Ints
from tasks.geotag._gazetteer import (
    COORDINATE_SCALE,
    FORMAT,
    KINDS,
    REFERENCE,
    SHIPPED,
    USUAL_CLASS,
    Candidate,
    Gazetteer,
    GazetteerMissing,
    GazetteerPlace,
    NameClass,
    shipped_gazetteer,
)
from tasks.geotag._keys import bare_key, name_key
from tasks.geotag._memory import Memory, lesson, memory_of
from tasks.geotag._outlet import UNKNOWN, Outlet, outlet_of
from tasks.geotag._ranking import Ranked, Table, grounds_at, rank
from tasks.geotag._reading import Prepared, prepare, read
from tasks.geotag._toponyms import Role
from tasks.geotag._weights import (
    PLAIN,
    RANKING,
    UNLISTED,
    RankingMissing,
    Weights,
    assured_names,
    grounds,
    shipped_weights,
    weights_of,
)
from tasks.geotag.stage import GeotagStage

__all__ = [
    "CONTEXT",
    "COORDINATE_SCALE",
    "DOUBTS",
    "FORMAT",
    "KINDS",
    "PLAIN",
    "RANKING",
    "REFERENCE",
    "SHIPPED",
    "STATIC",
    "UNKNOWN",
    "UNLISTED",
    "USUAL_CLASS",
    "Candidate",
    "Decision",
    "Feature",
    "Floats",
    "Gazetteer",
    "GazetteerMissing",
    "GazetteerPlace",
    "GeotagStage",
    "Ints",
    "Memory",
    "NameClass",
    "Outlet",
    "PlaceKind",
    "Prepared",
    "Ranked",
    "RankingMissing",
    "Role",
    "Table",
    "Weights",
    "assured_names",
    "bare_key",
    "grounds",
    "grounds_at",
    "lesson",
    "memory_of",
    "name_key",
    "outlet_of",
    "place_of",
    "prepare",
    "rank",
    "read",
    "shipped_gazetteer",
    "shipped_weights",
    "weights_of",
]
