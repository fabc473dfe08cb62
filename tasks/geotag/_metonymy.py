"""Whether a place stands for who acts there: ``Washington said``, ``talks with Moscow``, ``Beijing's anger``."""

import re
from typing import Final

from schemas import PlaceKind
from tasks.geotag._toponyms import Spot

ACTORS: Final = frozenset({PlaceKind.COUNTRY, PlaceKind.CITY, PlaceKind.ADMIN1, PlaceKind.CONTINENT})
_ACTS = re.compile(
    r"\s+(?:(?:also|has|have|had|will|would|may|could|must|later|again|reportedly|officially|still|repeatedly)\s+){0,2}"
    r"(?:said|says|say|told|announced|announces|accused|accuses|warned|warns|agreed|agrees|refused|refuses|rejected|"
    r"rejects|denied|denies|demanded|demands|insisted|insists|claimed|claims|called|calls|vowed|vows|threatened|"
    r"threatens|urged|urges|criticised|criticized|condemned|condemns|hopes|hoped|wants|wanted|fears|believes|believed|"
    r"decided|decides|plans|pledged|pledges|offered|offers|imposed|imposes|signed|signs|voted|votes|invaded|attacked|"
    r"launched|supports|supported|backed|backs|opposes|opposed|recognised|recognized|expelled|summoned|responded|"
    r"retaliated|withdrew|won|lost|beat|defeated|played|plays|scored|qualified|drew)\b"
)
_AGAINST = re.compile(
    r"(?:\bby|\bwith|\bagainst|\bbetween|\burged|\baccused|\bwarned|\bpressure\s+on|\bsanctions\s+on|\btold|"
    r"\basked|\ballies\s+of|\bblamed|\bbeat|\bdefeated|\bsupport\s+for|\brelations\s+with)\s+$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|at|from|near|to|into|around|outside|of|across|through|inside|over|via)\s+(?:the\s+)?$", re.IGNORECASE
)
_ENDS: Final = (
    "by", "with", "against", "between", "urged", "accused", "warned", "on", "told", "asked", "of", "blamed", "beat",
    "defeated", "for", "in", "at", "from", "near", "to", "into", "around", "outside", "across", "through", "inside",
    "over", "via", "the",
)  # fmt: skip
"""What `_AGAINST` and `_PLACED` end in, white space aside: looked for first, since it costs a tenth of a search."""
_LOOK_BACK: Final = 24


def acts(spot: Spot, text: str, kind: PlaceKind) -> bool:
    """Whether the words around a mention make an actor of it. Rules on words only: precise rather than complete."""
    if kind not in ACTORS:
        return False
    before = text[max(0, spot.start - _LOOK_BACK) : spot.start]
    may_tell = before.rstrip().lower().endswith(_ENDS)
    if may_tell and _PLACED.search(before):
        return False
    return _ACTS.match(text, spot.end) is not None or (may_tell and _AGAINST.search(before) is not None)
