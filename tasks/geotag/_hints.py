"""Where an article plays, as it says without naming a place: demonyms, institutions, telephone numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas import Part
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace
from tasks.geotag._institutions import spoken_of
from tasks.geotag._outlet import Outlet
from tasks.geotag._phones import called
from tasks.geotag._toponyms import Texts


@dataclass(frozen=True, slots=True)
class Hint:
    """A country or division that the article speaks of, and how many mentions of a name that is worth."""

    place: GazetteerPlace
    mentions: float


def hints_of(texts: Texts, outlet: Outlet, gazetteer: Gazetteer) -> Iterator[Hint]:
    """What institutions and numbers say, each worth one mention.

    A host under a country's domain tells more than institutions: a Canadian paper's sheriff is a guest.
    """
    text = texts[Part.TEXT]
    spoken = spoken_of(text) if outlet.country is None else ()
    shares = called(text) | {code: 1.0 / len(spoken) for code in spoken}
    for code, share in shares.items():
        area = gazetteer.area(code)
        if area is not None:
            yield Hint(area, share)
