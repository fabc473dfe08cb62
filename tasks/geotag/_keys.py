"""Names folded to keys: two spellings that a reader takes for the same name have the same key.

The builder of the gazetteer and the resolver share this module, so that both fold alike.
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "n", "ə": "e",
        "ŧ": "t", "&": " and ",
    }
)  # fmt: skip
"""Letters that Unicode does not decompose, as English-language news writes them."""
_SILENT = re.compile(r"[.'’‘ʼʻʹ`´\u00ad\u200b]")
_BREAKS = re.compile(r"[^\w]+")
KEYS_CACHED = 16_384
"""Names whose keys are kept, about 3 MB when full: folding is a tenth of the stage's time otherwise."""
_WORDS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain"}
"""Short forms at the start or in the middle of a name; at its end `St` is a street."""


def _spelled_out(words: list[str]) -> list[str]:
    last = len(words) - 1
    return [_WORDS.get(word, word) if at < last else word for at, word in enumerate(words)]


@lru_cache(maxsize=KEYS_CACHED)
def name_key(name: str) -> str:
    """Fold a name: no accents, case, periods or apostrophes; `St.` is `Saint`; a leading article is dropped.

    >>> name_key("the St. Lawrence River"), name_key("U.S."), name_key("Kænugarður")
    ('saint lawrence river', 'us', 'kaenugardur')
    """
    if name.isascii():
        folded = name.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    words = _BREAKS.sub(" ", _SILENT.sub("", folded.translate(_LETTERS))).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)
    return " ".join(_spelled_out(words))


_PREFIXES = (
    "northern", "southern", "eastern", "western", "north", "south", "east", "west", "northeastern", "northwestern",
    "southeastern", "southwestern", "northeast", "northwest", "southeast", "southwest", "central", "downtown",
    "suburban", "rural", "greater", "metropolitan", "metro", "upper", "lower", "mainland", "coastal", "upstate",
    "occupied", "rebel held", "city of", "town of", "village of", "state of", "province of", "region of", "county of",
    "republic of", "kingdom of", "island of", "commonwealth of", "port of", "district of", "emirate of",
    "municipality of", "commune of", "township of", "borough of", "parish of",
)  # fmt: skip
_SUFFIXES = (
    "city", "town", "village", "state", "province", "region", "county", "district", "oblast", "krai", "kray", "raion",
    "rayon", "prefecture", "governorate", "parish", "borough", "township", "municipality", "department", "canton",
    "area", "island", "islands", "valley", "proper", "metropolitan area", "metro area", "metropolis", "suburbs",
    "republic", "territory", "emirate", "division", "voivodeship", "peninsula", "hills", "heights", "ilcesi", "gun",
    "ken", "shi", "pagasts", "commune", "municipio",
)  # fmt: skip
_LANDFORMS = ("plain", "plains")
"""Last words that are stripped like units, but make no unit's name."""
_LEADING_UNITS = (
    "municipio de", "provincia de", "departamento de", "department of", "comuna", "powiat", "landkreis", "amphoe",
    "huyen", "quan", "shahrestan e", "shahrestan", "wilaya de", "cercle de", "province de", "arrondissement de",
    "distrito de", "estado de", "politischer bezirk", "provincie", "kota", "kabupaten", "okres", "gmina", "muhafazat",
)  # fmt: skip


_LONG_FORMS = {"co": "county", "cos": "county", "counties": "county", "twp": "township", "is": "islands"}
"""Last words that news shortens or puts in the plural."""


@lru_cache(maxsize=KEYS_CACHED // 4)
def stripped_keys(key: str) -> tuple[tuple[str, str], ...]:
    """Shorter keys without one describing word, each with the word that was dropped.

    >>> stripped_keys("northern sumy region")
    (('sumy region', 'northern'), ('northern sumy', 'region'), ('sumy', 'northern region'))
    """
    front = [(key[len(word) + 1 :], word) for word in _PREFIXES if key.startswith(word + " ")]
    back = [(key[: -len(word) - 1], word) for word in (*_SUFFIXES, *_LANDFORMS) if key.endswith(" " + word)]
    both = [(rest[: -len(tail) - 1], f"{head} {tail}") for rest, head in front for _, tail in back if rest != tail]
    return tuple((rest, word) for rest, word in (*_spelled(key), *front, *back, *both) if rest)


def _spelled(key: str) -> list[tuple[str, str]]:
    rest, _, last = key.rpartition(" ")
    return [(f"{rest} {_LONG_FORMS[last]}", last), (rest, last)] if last in _LONG_FORMS else []


@lru_cache(maxsize=KEYS_CACHED // 4)
def bare_key(key: str) -> str | None:
    """The key of an administrative unit without the word that says which kind of unit it is.

    >>> bare_key("kaufman county"), bare_key("michigan")
    ('kaufman', None)
    """
    for word in _LEADING_UNITS:
        if key.startswith(word + " "):
            return key[len(word) + 1 :]
    for word in _SUFFIXES:
        if key.endswith(" " + word):
            return key[: -len(word) - 1]
    return None
