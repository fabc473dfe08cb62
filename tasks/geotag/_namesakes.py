"""Rivers, lakes, parks, schools that the gazetteer lacks: they lie where a town or county of their name lies, if near.

The Naugatuck River runs through Naugatuck, and Greer Station is in Greer. Such a site gets an id of our own, its own
kind, and the point of its namesake with the precision `parent`. It is offered only for towns and second-order
divisions, and the resolver takes it only where other names of the article, or its source, lie around: a site never
jumps to a distant namesake (measurements B7).
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from schemas import PlaceKind
from tasks.geotag._gazetteer import OWN_NAMES, Gazetteer, GazetteerPlace, NameClass

DERIVED_IDS: Final = 500_000_000
"""Own ids are negative: this base plus a checksum of the site's name and its namesake's id. Stable."""
_WATER: Final = {
    "river": "STM", "creek": "STM", "lake": "LK", "lakes": "LK", "reservoir": "RSV", "bay": "BAY", "falls": "FLLS",
    "canal": "CNL", "harbor": "HBR", "harbour": "HBR", "pond": "PND", "bayou": "BYU", "lagoon": "LGN",
}  # fmt: skip
_LAND: Final = {
    "valley": "VAL", "mountain": "MT", "mountains": "MTS", "hills": "HLLS", "forest": "FRST", "desert": "DSRT",
    "canyon": "CNYN", "plains": "PLN", "beach": "BCH", "park": "PRK", "basin": "BSNU", "delta": "DLTA",
}  # fmt: skip
_SITES: Final = {
    "university": "UNIV", "college": "SCHC", "school": "SCH", "schools": "SCH", "academy": "SCH", "campus": "SCH",
    "airport": "AIRP", "airfield": "AIRF", "hospital": "HSP", "clinic": "HSPC", "stadium": "STDM", "arena": "STDM",
    "church": "CH", "cathedral": "CH", "mosque": "MSQE", "temple": "TMPL", "museum": "MUS", "library": "LIBR",
    "theater": "THTR", "theatre": "THTR", "hotel": "HTL", "mall": "MALL", "bridge": "BDG", "tower": "TOWR",
    "prison": "PRN", "jail": "PRN", "courthouse": "CTHSE", "cemetery": "CMTY", "zoo": "ZOO", "square": "SQR",
    "station": "RSTN", "dam": "DAM", "port": "PRT", "castle": "CSTL", "palace": "PAL", "refinery": "OILR",
    "plant": "MFG", "mine": "MN", "fairgrounds": "BLDG", "speedway": "RECG", "racecourse": "RECR", "abbey": "ANS",
}  # fmt: skip
TOWNSHIPS: Final = ("township", "twp")
"""Most states have a Concord Township or more, and few lie where the largest Concord does."""
_FEATURES: Final = {
    **{word: (PlaceKind.WATER, "H", code) for word, code in _WATER.items()},
    **{word: (PlaceKind.REGION, "L" if code == "PRK" else "T", code) for word, code in _LAND.items()},
    **{word: (PlaceKind.SITE, "S", code) for word, code in _SITES.items()},
    **dict.fromkeys(TOWNSHIPS, (PlaceKind.ADMIN2, "A", "ADM3")),
}
_BETWEEN: Final = frozenset(
    {
        "national", "state", "high", "middle", "elementary", "primary", "secondary", "grammar", "public", "memorial",
        "community", "regional", "medical", "central", "international", "county", "city", "municipal", "technical",
        "junior", "senior", "general", "district", "union", "train", "bus", "police", "fire", "railway", "power",
        "steel", "town", "air", "force", "mental", "women's", "children's",
    }
)  # fmt: skip
"""Words between the namesake and the word that says what the site is: ``Neshaminy High School``."""
_BEFORE: Final = ("university of ", "college of ", "lake ", "port of ", "bay of ", "diocese of ", "museum of ")
_NAMESAKES: Final = (PlaceKind.CITY, PlaceKind.ADMIN2)
_CLASSES: Final = (*OWN_NAMES, NameClass.BARE)


def namesakes(key: str, gazetteer: Gazetteer) -> list[tuple[GazetteerPlace, GazetteerPlace]]:
    """Sites of this name that could be, each with the town or division whose name it bears."""
    for rest, word in _parts(key):
        found = [
            candidate.place
            for candidate in gazetteer.lookup(rest)
            if candidate.place.kind in _NAMESAKES and candidate.name_class in _CLASSES
        ]
        if found:
            return [(_site(key, word, place), place) for place in found if not place.is_approximate]
    return []


def _parts(key: str) -> Iterator[tuple[str, str]]:
    """The name that a site may bear, and the word that says what it is."""
    for words in _BEFORE:
        if key.startswith(words):
            yield key.removeprefix(words), words.split()[0]
    words_of_key = key.split()
    if len(words_of_key) > 1 and words_of_key[-1] in _FEATURES:
        rest = words_of_key[:-1]
        while len(rest) > 1 and rest[-1] in _BETWEEN:
            rest = rest[:-1]
        yield " ".join(rest), words_of_key[-1]


def site_in(key: str, town: GazetteerPlace) -> GazetteerPlace:
    """A site of this name in a town."""
    return _site(key, key.rpartition(" ")[2], town)


def _site(key: str, word: str, place: GazetteerPlace) -> GazetteerPlace:
    kind, class_, code = _FEATURES.get(word, (PlaceKind.SITE, "S", "BLDG"))
    number = zlib.crc32(f"{key}|{place.id}".encode()) % 100_000_000
    return replace(
        place,
        id=-(DERIVED_IDS + number),
        name=key.title(),
        kind=kind,
        feature=code,
        class_=class_,
        population=0,
        is_approximate=True,
        is_derived=True,
    )
