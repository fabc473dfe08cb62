"""The dedupe stage: says of what an article is a copy, how, and how sure; one original however many arrive at once."""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas import Duplicates, StageName
from tasks.dedupe import _story_evidence, _verifier
from tasks.dedupe._fingerprint import Taken, take
from tasks.dedupe._settle import Pending, settle
from tasks.dedupe._stories import StoryIndex, assign, placed, told
from tasks.dedupe.index import DuplicateIndex
from tasks.stage import DECIDED, Failed, Skipped, StageInput


class DedupeStage:
    """Compares each article with everything that the indexes remember.

    A batch takes two round trips for duplicates (three when it has copies of itself), and two for stories.
    """

    name: Final = StageName.DEDUPE
    version: Final = 12
    inputs: Final = ("clean", "entities", "geotag", DECIDED)

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
        ready = [(article, outcome) for article, outcome in pairs if isinstance(outcome, Taken)]
        answers = settle(self._index, [Pending(article.ref, taken, article.decided) for article, taken in ready])
        if self._stories is not None:
            answers = _with_stories(self._stories, ready, answers)
        settled = iter(answers)
        return [next(settled) if isinstance(outcome, Taken) else outcome for outcome in outcomes]


def _with_stories(
    index: StoryIndex, articles: Sequence[tuple[StageInput, Taken]], answers: Sequence[Duplicates]
) -> list[Duplicates]:
    """The answers with their stories. What only the article itself still knew keeps the story that it was in."""
    new = [row for row in zip(articles, answers, strict=True) if row[1] is not row[0][0].decided]
    memberships = iter(assign(index, [told(article, taken, answer) for (article, taken), answer in new]))
    return [
        answer if answer is article.decided else placed(answer, article, next(memberships))
        for (article, _), answer in zip(articles, answers, strict=True)
    ]


def _taken(article: StageInput) -> Taken | Skipped | Failed:
    if article.clean is None:
        return Skipped("no_clean_text")
    try:
        return take(article.clean, article.entities, article.source, article.accepted_at)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this article's alone
        return Failed(error)
