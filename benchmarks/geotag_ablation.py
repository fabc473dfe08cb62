"""What each step between raw text and place is worth: ``python -m benchmarks.geotag_ablation``.

Every row switches one step off and leaves all others on. Right ids of all gold mentions but demonyms, and of what is
emitted, on the development halves of LGL and TR-News together, without and with the memory of the sources; then A161 of
the gold spans of both.
"""

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from importlib import import_module
from typing import Any, Final
from unittest.mock import patch

from benchmarks.evaluation import data_folder, tell_missing
from benchmarks.geotag_corpora import Document, documents, gold_input, memories
from benchmarks.geotag_raw import raw_input, recognized, score_raw
from benchmarks.geotag_scores import score
from schemas import Entities
from tasks.geotag import SHIPPED, Feature, Gazetteer, GeotagStage, Weights, shipped_weights

NEVER: Final = re.compile(r"(?!)")


def _nothing(*_: object) -> tuple[()]:
    return ()


def _no_shares(*_: object) -> dict[str, float]:
    return {}


def _no_names(*_: object) -> frozenset[str]:
    return frozenset()


def _never(*_: object) -> None:
    return None


def _as_it_was(first: Any, *_: object, **__: object) -> Any:
    return first


def _weights_without(feature: Feature) -> Weights:
    weights = shipped_weights()
    context = weights.context.copy()
    context[feature] = 0.0
    return replace(weights, context=context)


def _no_directions() -> AbstractContextManager[Any]:
    """Names are read anew: what was read before, directions and all, is kept with the name."""
    toponyms, stack = import_module("tasks.geotag._toponyms"), ExitStack()
    stack.enter_context(patch.object(toponyms, "_without_direction", _as_it_was))
    stack.enter_context(patch.object(toponyms, "_read", vars(toponyms)["_read"].__wrapped__))
    return stack


Switch = Callable[[], AbstractContextManager[Any]]
STEPS: Final[dict[str, Switch]] = {
    "all steps": nullcontext,
    "places in the names of bodies": lambda: patch("tasks.geotag._recovery._in_names", _nothing),
    "names labelled as persons or bodies": lambda: patch("tasks.geotag._recovery.mislabelled", _nothing),
    "places that a body's mention begins with": lambda: patch("tasks.geotag._recovery.attributes", _nothing),
    "short forms with periods": lambda: patch("tasks.geotag._misread._is_short_form", _never),
    "counties by their bare names": lambda: patch("tasks.geotag._recovery._counties", _no_names),
    "counties of a list": lambda: patch("tasks.geotag._recovery.listed", _nothing),
    "names qualified by a state": lambda: patch("tasks.geotag._recovery._qualified", _nothing),
    "seats of politicians": lambda: patch("tasks.geotag._recovery._by_party", _nothing),
    "mentions cut down to a name": lambda: patch("tasks.geotag._recovery._cut", _as_it_was),
    "the city of a city council": lambda: patch("tasks.geotag._recovery._without_body", _as_it_was),
    "names that share a word of their list": lambda: patch("tasks.geotag._reading.with_shared_words", _as_it_was),
    "two names in a mention": lambda: patch("tasks.geotag._toponyms._two_names", _never),
    "things that are called like towns": lambda: patch("tasks.geotag._recovery.without_things", _as_it_was),
    "ends of persons' names": lambda: patch("tasks.geotag._recovery._ends_name", _never),
    "directions": _no_directions,
    "whose office it is": lambda: patch("tasks.geotag._groups._OFFICE", NEVER),
    "who comes from countries": lambda: patch("tasks.geotag._groups._NATION_OF", NEVER),
    "sites in the town named with them": lambda: patch("tasks.geotag._reading.with_sites", _as_it_was),
    "what the source is called after": lambda: patch("tasks.geotag._outlet.masthead", lambda *_: None),
    "institutions of one country": lambda: patch("tasks.geotag._hints.spoken_of", _nothing),
    "telephone numbers": lambda: patch("tasks.geotag._hints.called", _no_shares),
    "shadows on the source's memory": lambda: patch("tasks.geotag._candidates.SHADOW", 1.0),
    "doubt of small places far away": lambda: patch(
        "tasks.geotag.stage.shipped_weights", lambda: _weights_without(Feature.OBSCURE)
    ),
}


def measured(
    corpus: Sequence[Document], entities: dict[str, Entities], gazetteer: Gazetteer, switch: Switch
) -> tuple[float, ...]:
    """Right ids and precision without a memory, then with one; then A161 on gold spans, without and with."""
    with switch():
        stage = GeotagStage(gazetteer.path, listed_homes=False)
        known = memories([raw_input(document, entities) for document in corpus], stage)
        runs = [score_raw(corpus, entities, gazetteer, memory).metrics("raw") for memory in (None, known)]
        known = memories([gold_input(document) for document in corpus], stage)
        spans = [score(corpus, gazetteer, memories=memory) for memory in (None, known)]
    raw = [run[name] for run in runs for name in ("raw_em", "raw_precision")]
    return (*raw, *(found.near / found.total for found in spans))


def main() -> int:
    """Print the table; exit 2 when the data is not there."""
    data = data_folder("geotag")
    files = [data / f"{name}.jsonl.gz" for name in ("lgl_dev", "trnews_dev")]
    if missing := [path for path in files if not path.is_file()]:
        return tell_missing(*missing)
    corpus = [document for path in files for document in documents(path)]
    entities, gazetteer = recognized(corpus), Gazetteer(SHIPPED)
    print(f"{'without':40}   id   prec. |  id   prec. with memory | A161 on gold spans, with memory")
    for name, switch in STEPS.items():
        print(f"{name:40} {' '.join(f'{share:.4f}' for share in measured(corpus, entities, gazetteer, switch))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
