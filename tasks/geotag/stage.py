"""The geotag stage: clean text, entities and what is known of the source in, places and focus out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from schemas import Geotags, MemoryUse, StageName
from schemas.base import Model
from tasks.geotag._answer import geotags_of
from tasks.geotag._gazetteer import SHIPPED, Gazetteer, shipped_gazetteer
from tasks.geotag._homes import home_areas
from tasks.geotag._memory import Memory, lesson
from tasks.geotag._outlet import outlet_of
from tasks.geotag._reading import decide, prepare
from tasks.geotag._toponyms import texts_of
from tasks.geotag._weights import Weights, shipped_weights
from tasks.stage import Failed, Skipped, StageInput, each

VERSION: Final = 9


class GeotagStage:
    """Fulfils `tasks.stage.Stage` with `Geotags`. Opens the gazetteer at the first article of a process."""

    name: Final = StageName.GEOTAG
    version: Final = VERSION
    inputs: Final = ("clean", "entities", "memory")

    def __init__(self, gazetteer: Path = SHIPPED, weights: Weights | None = None, *, listed_homes: bool = True) -> None:
        """Take another gazetteer or other weights than those that ship, or forget its homes: to train and measure."""
        self._path = gazetteer
        self._weights = weights
        self._listed_homes = listed_homes

    @property
    def artefacts(self) -> Mapping[str, str]:
        """Versions of the gazetteer and of the weights of the ranking."""
        versions = {"gazetteer": shipped_gazetteer(self._path).version, "ranking": self._ranking().version}
        return MappingProxyType(versions)

    def run(self, articles: Sequence[StageInput]) -> Sequence[Geotags | Skipped | Failed]:
        """Resolve the places of each article on its own.

        Raises:
            GazetteerMissing: There is no gazetteer here, so no article can be resolved.
            RankingMissing: There are no weights here.
        """
        gazetteer, weights = shipped_gazetteer(self._path), self._ranking()

        def work(article: StageInput) -> Geotags | Skipped:
            return _geotag(article, gazetteer, weights, listed_homes=self._listed_homes)

        return each(articles, work)

    def _ranking(self) -> Weights:
        return self._weights or shipped_weights()

    def lesson(self, article: StageInput, output: Model) -> str:
        """What later articles of the source are given of this one."""
        return lesson(article.ref, output) if isinstance(output, Geotags) else ""


def _geotag(article: StageInput, gazetteer: Gazetteer, weights: Weights, *, listed_homes: bool) -> Geotags | Skipped:
    if article.clean is None:
        return Skipped("clean")
    if reason := article.clean.quality.why_not_read:
        return Skipped(reason)
    if article.entities is None:
        return Skipped("entities")
    outlet = outlet_of(article, gazetteer, listed_homes=listed_homes)
    prepared = prepare(article.clean, article.entities, gazetteer, outlet, weights)
    decisions = decide(prepared, weights)
    found = geotags_of(decisions, texts_of(article.clean), gazetteer, prepared.hints)
    return found.model_copy(update={"memory": _use(article, outlet.memory, gazetteer)})


def _use(article: StageInput, memory: Memory | None, gazetteer: Gazetteer) -> MemoryUse | None:
    if memory is None:
        return None
    stored = article.memory
    return MemoryUse(
        version=stored.version if stored else 0,
        articles=memory.articles,
        home=memory.home,
        areas=home_areas(memory.named, gazetteer),
    )
