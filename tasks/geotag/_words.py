"""Words that make a name something else than the town that bears it."""

from importlib.resources import files
from typing import Final

LANDFORMS: Final = frozenset(
    {
        "plain", "plains", "valley", "river", "basin", "delta", "mountain", "mountains", "hills", "lake", "lakes",
        "creek", "falls", "forest", "desert", "reef", "bay", "canyon", "glacier", "ridge", "peninsula", "escarpment",
        "lowlands", "highlands", "marshes", "wetlands", "floodplain", "gorge", "dunes", "estuary", "reservoir",
    }
)  # fmt: skip
"""``Kano plains``: a landform that the recognizer cut off or the gazetteer lacks."""
SITES: Final = frozenset(
    {
        "University", "College", "School", "Airport", "Hospital", "Stadium", "Arena", "Church", "Cathedral", "Mosque",
        "Museum", "Library", "Theater", "Theatre", "Hotel", "Bridge", "Street", "Avenue", "Road", "Boulevard", "Drive",
        "Lane", "Tower", "Prison", "Jail", "Cemetery", "Square", "Station", "Institute", "Park", "Dam", "Mall",
        "Elementary", "Middle", "High",
    }
)  # fmt: skip
"""Capitalised after a name they make it a site's: ``Dublin Road``, ``Alexandria High School``."""
STREETS: Final = frozenset(
    {
        "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "drive", "lane", "highway", "freeway",
        "expressway", "parkway", "interstate", "route", "court", "way", "alley", "crescent", "terrace",
    }
)  # fmt: skip
"""Last words of ways: on a map their town says all that is known of them."""
COMMON_WORDS: Final = frozenset(
    {
        "bath", "battle", "beach", "bell", "best", "bright", "brown", "bush", "carter", "center", "chance", "chestnut",
        "church", "clay", "commerce", "cook", "cooper", "cross", "deal", "dove", "eagle", "early", "energy", "fisher",
        "fork", "franklin", "friend", "friendship", "grant", "green", "harmony", "harper", "hill", "home", "hope",
        "hunter", "industry", "justice", "king", "lake", "liberty", "love", "mall", "march", "mason", "media", "mills",
        "moon", "mountain", "nelson", "normal", "orange", "page", "parker", "parks", "patriot", "peace", "pearl",
        "police", "price", "progress", "prospect", "providence", "reading", "rivers", "roman", "rose", "rush", "sale",
        "sandy", "senate", "speed", "spring", "start", "story", "success", "summit", "sun", "superior", "time", "trump",
        "truth", "turner", "union", "unity", "valley", "victory", "war", "welcome", "white", "wood", "young",
    }
)  # fmt: skip
"""Words and surnames that hamlets of some country are called like. Opinion: no list of this kind is in our sources."""
COMMON_BELOW: Final = 100_000
"""Inhabitants below which a town called like a common word needs more than its name: not `Reading`, England."""
_LEARNED: Final = files(__package__).joinpath("data/rarely_places.txt")
RARELY_PLACES: Final = COMMON_WORDS | frozenset(_LEARNED.read_text().split())
"""Names of towns that news and reference works use nine times of ten for something else (`training.geotag.words`)."""
DIRECTIONS: Final = frozenset(
    {
        "north", "south", "east", "west", "northern", "southern", "eastern", "western", "northeast", "northwest",
        "southeast", "southwest", "northeastern", "northwestern", "southeastern", "southwestern", "central", "greater",
        "downtown", "metro", "metropolitan", "upper", "lower", "far",
    }
)  # fmt: skip
