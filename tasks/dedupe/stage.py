"""The dedupe stage: says of what an article is a copy, how, and how sure; one original however many arrive at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas import Duplicates, StageName
from tasks.dedupe._fingerprint import Taken, take
from tasks.dedupe._settle import Pending, settle
from tasks.dedupe._verifier import shipped
from tasks.dedupe.index import DuplicateIndex
from tasks.stage import Failed, Skipped, StageInput


class DedupeStage:
    """Compares each article with everything that the index remembers, in two round trips for most batches."""

    name: Final = StageName.DEDUPE
    version: Final = 2
    inputs: Final = ("clean", "entities")

    def __init__(self, index: DuplicateIndex) -> None:
        self._index = index

    @property
    def artefacts(self) -> Mapping[str, str]:
        """The version of the verifier's weights."""
        return {"verifier": shipped().version}

    def run(self, articles: Sequence[StageInput]) -> list[Duplicates | Skipped | Failed]:
        """Decide for a batch. The answers do not depend on how often or where it runs: the first one stands.

        Raises:
            RetryLater: The index does not answer, or other workers index similar articles faster than this one
                decides. Nothing is lost by running the batch again.
        """
        outcomes = [_taken(article) for article in articles]
        pairs = zip(articles, outcomes, strict=True)
        pending = [Pending(article.ref, outcome) for article, outcome in pairs if isinstance(outcome, Taken)]
        settled = iter(settle(self._index, pending))
        return [next(settled) if isinstance(outcome, Taken) else outcome for outcome in outcomes]


def _taken(article: StageInput) -> Taken | Skipped | Failed:
    if article.clean is None:
        return Skipped("no_clean_text")
    try:
        return take(article.clean, article.entities, article.source, article.accepted_at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this article's alone
        return Failed(error)
