"""The clean stage: submission in, clean text out."""

from collections.abc import Mapping, Sequence
from importlib import metadata
from types import MappingProxyType

from schemas import CleanText, StageName
from tasks.clean._guarded import clean_guarded
from tasks.clean._language import MODEL
from tasks.clean._memory import forget_after
from tasks.clean._pages import Extractor, extract
from tasks.stage import Failed, Skipped, StageInput, each


class CleanStage:
    """The article, and nothing but the article. Pure, deterministic, bounded; knows nothing of its neighbours."""

    name = StageName.CLEAN
    version = 8
    inputs: Sequence[str] = ("submission", "source_lines")
    artefacts: Mapping[str, str] = MappingProxyType(
        {"trafilatura": metadata.version("trafilatura"), "ftfy": metadata.version("ftfy"), "language": MODEL}
    )

    def __init__(self, extractor: Extractor = extract) -> None:
        self._extractor = extractor

    def run(self, articles: Sequence[StageInput]) -> list[CleanText | Skipped | Failed]:
        """Clean a batch; an article that fails is answered with `Failed` and harms no other."""
        return each(articles, self._one)

    def _one(self, article: StageInput) -> CleanText:
        if article.submission is None:
            raise ValueError("the submission was not loaded; name it in the stage's inputs")
        try:
            return clean_guarded(article.submission, extractor=self._extractor, frequent=article.source_lines)
        finally:
            forget_after(len(article.submission.html or "") + len(article.submission.text or ""))
