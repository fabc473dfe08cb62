"""Finds names of towns that are mostly something else: ``python -m training.geotag.words``.

Counts each word of the licensed texts from which the entity models learn (`perm_train`, see `training/entities`): how
often it stands, in whatever case, and how often inside the name of a place. Writes the words which some town is called
like and which stood in a place's name a tenth of the time or less. Only words go into the file, no text.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from benchmarks.evaluation import data_folder, tell_missing
from schemas import PlaceKind
from tasks.geotag import SHIPPED, Gazetteer

TARGET: Final = SHIPPED.parent / "rarely_places.txt"
SEEN_FROM: Final = 5
"""Occurrences below which a share says little."""
PLACE_BELOW: Final = 0.1
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_PLACES: Final = ("LOC", "FAC")


def rarely_places(documents: Iterable[dict[str, Any]], gazetteer: Gazetteer) -> list[str]:
    """The words, in alphabetical order."""
    seen, placed = Counter[str](), Counter[str]()
    for document in documents:
        places = [(start, end) for start, end, label in document["ents"] if label in _PLACES]
        for word in _WORD.finditer(document["text"]):
            seen[word[0].lower()] += 1
            placed[word[0].lower()] += any(start <= word.start() < end for start, end in places)
    rare = (word for word, count in seen.items() if count >= SEEN_FROM and placed[word] <= PLACE_BELOW * count)
    return sorted(word for word in rare if _is_town(word, gazetteer))


def _is_town(word: str, gazetteer: Gazetteer) -> bool:
    return any(candidate.place.kind is PlaceKind.CITY for candidate in gazetteer.lookup(word))


def main() -> int:
    """Write the list; exit 2 when the texts are not there."""
    source = data_folder("entities") / "perm_train.jsonl.gz"
    if not source.is_file():
        return tell_missing(source)
    with gzip.open(source, "rt") as lines:
        words = rarely_places((json.loads(line) for line in lines), Gazetteer())
    TARGET.write_text("\n".join(words) + "\n")
    print(f"{len(words)} words in {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
