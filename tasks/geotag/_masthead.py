"""The place that a source is called after: `middletownpress.com`, `chronicle.augusta.com`, `onlineathens.com`."""

import re
from functools import lru_cache
from typing import Final

from schemas import PlaceKind
from tasks.geotag._gazetteer import Gazetteer
from tasks.geotag._words import COMMON_WORDS

PAPERS: Final = (
    "abc", "action", "advertiser", "advocate", "and", "argus", "beacon", "bulletin", "business", "cbs", "channel",
    "chronicle", "citizen", "city", "columbian", "courier", "daily", "dispatch", "echo", "enquirer", "enterprise",
    "evening", "examiner", "express", "eyewitness", "fm", "fox", "free", "gazette", "globe", "guardian", "herald",
    "independent", "inquirer", "inside", "journal", "leader", "ledger", "live", "local", "mail", "media", "mercury",
    "messenger", "metro", "mirror", "monitor", "morning", "my", "nbc", "news", "newspaper", "newspapers", "now",
    "observer", "online", "paper", "patch", "patriot", "post", "press", "radio", "record", "recorder", "register",
    "reporter", "republic", "republican", "review", "sentinel", "standard", "star", "statesman", "sun", "sunday",
    "telegram", "telegraph", "the", "thisis", "times", "timesof", "today", "tribune", "tv", "union", "village",
    "voice", "weekly", "western", "world",
)  # fmt: skip
"""What newspapers and stations call themselves besides their town."""
_BEFORE: Final = re.compile(rf"^(?:{'|'.join(sorted(PAPERS, key=len, reverse=True))}|\d+)(?=.)")
_AFTER: Final = re.compile(rf"(?<=.)(?:{'|'.join(sorted(PAPERS, key=len, reverse=True))}|\d+)$")
_SHORTEST: Final = 5
"""Letters; shorter rests are mostly no names: `wral`, `time`."""
NAMED_FROM: Final = 5_000
"""Inhabitants of a town that has a paper or a station called after it (opinion)."""
GREAT_FROM: Final = 100_000
"""The same where the host is the bare name, as shops and magazines have it too: `forbes.com`."""
TWO_FROM: Final = 20_000
"""The same where the name is written in two words, which may be two by chance: `goldentriangle`."""
HOSTS_CACHED: Final = 4_096
_TAKEN: Final = COMMON_WORDS | frozenset(PAPERS)
_LARGE: Final = (PlaceKind.COUNTRY, PlaceKind.ADMIN1)


@lru_cache(maxsize=HOSTS_CACHED)
def masthead(host: str, gazetteer: Gazetteer) -> str | None:
    """The key of the name in a host that is called after a place, or nothing.

    Every label is cut down to what is no word of a paper's name; what is left has to be the whole name of a place.
    """
    labels = host.lower().split(".")[:-1]
    for label in labels:
        for text, is_cut in _rests(label):
            key = _name(text, gazetteer, GREAT_FROM if not is_cut and len(labels) == 1 else NAMED_FROM)
            if key is not None:
                return key
    return None


def _rests(label: str) -> list[tuple[str, bool]]:
    """A label as it is, then without one word of a paper's name after another."""
    found, rest = [(label, False)], label
    while True:
        shorter = _AFTER.sub("", rest) if _AFTER.search(rest) else _BEFORE.sub("", rest)
        shorter = shorter.strip("-")
        if shorter == rest or not shorter:
            return found
        rest = shorter
        found.append((rest, True))


def _name(text: str, gazetteer: Gazetteer, least: int) -> str | None:
    """The name written in one word or two."""
    if len(text) < _SHORTEST:
        return None
    whole = text.replace("-", " ")
    if whole not in _TAKEN and is_named(whole, gazetteer, least):
        return whole
    two = (f"{text[:at]} {text[at:]}" for at in range(3, len(text) - 2))
    return next((key for key in two if is_named(key, gazetteer, max(least, TWO_FROM))), None)


def is_named(key: str, gazetteer: Gazetteer, least: int) -> bool:
    """Whether a country, a division or a city of so many inhabitants at least bears the name as its own."""
    for place in gazetteer.own(key):
        if place.kind in _LARGE or (place.kind is PlaceKind.ADMIN2 and least < GREAT_FROM):
            return True
        if place.kind is PlaceKind.CITY and place.population >= least:
            return True
    return False
