"""The dedupe stage: says of what an article is a copy, how, and how sure; one original however many arrive at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas import Duplicates, StageName
from tasks.dedupe import _story_evidence, _verifier
from tasks.dedupe._fingerprint import Taken, take
from tasks.dedupe._settle import Pending, settle
from tasks.dedupe._stories import StoryIndex, assign, placed, told
from tasks.dedupe.index import DuplicateIndex
from tasks.stage import Failed, Skipped, StageInput


class DedupeStage:
    """Compares each article with everything that the indexes remember.

    A batch takes two round trips for duplicates (three when it has copies of itself), and two for stories.
    """

    name: Final = StageName.DEDUPE
    version: Final = 2
    inputs: Final = ("clean", "entities", "geotag")

    def __init__(self, index: DuplicateIndex, stories: StoryIndex | None = None) -> None:
        self._index = index
        self._stories = stories

    @property
    def artefacts(self) -> Mapping[str, str]:
        """The versions of the weights."""
        return {"verifier": _verifier.shipped().version, "stories": _story_evidence.shipped().version}

    def run(self, articles: Sequence[StageInput]) -> list[Duplicates | Skipped | Failed]:
        """Decide for a batch. The answers do not depend on how often or where it runs: the first one stands.

        Raises:
            RetryLater: The index does not answer, or other workers index similar articles faster than this one
                decides. Nothing is lost by running the batch again.
        """
        outcomes = [_taken(article) for article in articles]
        pairs = zip(articles, outcomes, strict=True)
        pending = [Pending(article.ref, outcome) for article, outcome in pairs if isinstance(outcome, Taken)]
        decided = [article for article, outcome in zip(articles, outcomes, strict=True) if isinstance(outcome, Taken)]
        answers = settle(self._index, pending)
        if self._stories is not None:
            answers = _with_stories(self._stories, decided, pending, answers)
        settled = iter(answers)
        return [next(settled) if isinstance(outcome, Taken) else outcome for outcome in outcomes]


def _with_stories(
    index: StoryIndex, articles: Sequence[StageInput], pending: Sequence[Pending], answers: Sequence[Duplicates]
) -> list[Duplicates]:
    rows = zip(articles, pending, answers, strict=True)
    memberships = assign(index, [told(article, each.taken, answer) for article, each, answer in rows])
    return [
        placed(answer, article.ref.article_id, membership)
        for article, answer, membership in zip(articles, answers, memberships, strict=True)
    ]


def _taken(article: StageInput) -> Taken | Skipped | Failed:
    if article.clean is None:
        return Skipped("no_clean_text")
    try:
        return take(article.clean, article.entities, article.source, article.accepted_at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this article's alone
        return Failed(error)
