"""Small stages for tests of the pipeline: each does next to nothing, or fails in one particular way."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from celery.exceptions import SoftTimeLimitExceeded

from schemas import (
    CleanText,
    Duplicates,
    Entities,
    Form,
    Geotags,
    Quality,
    Quarantine,
    Relation,
    RetryLater,
    StageName,
    Unavailable,
)
from schemas.base import Model
from tasks.stage import Failed, Skipped, Stage, StageInput, each

INPUTS = {
    StageName.CLEAN: ("submission",),
    StageName.ENTITIES: ("clean",),
    StageName.GEOTAG: ("clean", "entities"),
    StageName.DEDUPE: ("clean", "entities"),
}


def text_of(article: StageInput) -> str:
    """What the test wrote into the article."""
    if article.submission:
        return article.submission.text or ""
    return article.clean.text if article.clean else ""


@dataclass
class FakeStage:
    """A stage that obeys orders written into the article's text, such as ``entities:quarantine``."""

    name: StageName
    version: int = 1
    missing: bool = False
    seen: list[list[str]] = field(default_factory=list)

    @property
    def inputs(self) -> Sequence[str]:
        return INPUTS[self.name]

    @property
    def artefacts(self) -> Mapping[str, str]:
        if self.missing:
            raise Unavailable("The model is missing; install it.")
        return {"model": "1"}

    def run(self, articles: Sequence[StageInput]) -> Sequence[Model | Skipped | Failed]:
        self.seen.append([article.ref.article_id for article in articles])
        if self.missing:
            raise Unavailable("The model is missing; install it.")
        for article in articles:
            self._obey_for_all(text_of(article))
        return each(articles, self._one)

    def _obey_for_all(self, text: str) -> None:
        orders = {
            "crash": ValueError("about the secret text"),
            "outage": RetryLater("The index does not answer."),
            "slow": SoftTimeLimitExceeded(),
        }
        for order, error in orders.items():
            if f"{self.name}:{order}" in text:
                raise error
        if f"{self.name}:kill" in text:
            os._exit(9)
        if f"{self.name}:sleep" in text:
            time.sleep(0.1)
        if f"{self.name}:nap" in text:
            time.sleep(2)
        if f"{self.name}:hang" in text:
            time.sleep(600)
        while f"{self.name}:stuck" in text:  # as in a library that no exception gets out of
            with suppress(SoftTimeLimitExceeded):
                time.sleep(600)

    def _one(self, article: StageInput) -> Model | Skipped:
        text = text_of(article)
        if f"{self.name}:quarantine" in text:
            raise Quarantine("It cannot be processed; look at it.")
        if f"{self.name}:retry" in text:
            raise RetryLater("Not now.")
        if f"{self.name}:skip" in text:
            return Skipped("language")
        return self._output(article, text)

    def _output(self, article: StageInput, text: str) -> Model:
        own = article.ref.article_id
        outputs: dict[StageName, Model] = {
            StageName.CLEAN: CleanText(
                title="A title", text=text, language="en", form=Form.TEXT, quality=Quality(words=len(text.split()))
            ),
            StageName.ENTITIES: Entities(),
            StageName.GEOTAG: Geotags(),
            StageName.DEDUPE: Duplicates(
                relation=Relation.ORIGINAL, canonical_id=own, cluster_id=own, score=0, jaccard=0, index_version=1
            ),
        }
        return outputs[self.name]


def fake_stages() -> dict[StageName, Stage[Model]]:
    """A whole pipeline of them."""
    return {name: FakeStage(name) for name in StageName}
