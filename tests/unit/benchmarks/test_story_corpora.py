"""What the corpora of stories give the stages, as production would."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from benchmarks import story_corpora
from schemas import Entities, Geotags, Ref
from store.sources import WINDOW
from tasks.stage import StageInput

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class FakeEntities:
    def run(self, articles: Sequence[StageInput]) -> list[Entities]:
        return [Entities() for _ in articles]


class FakeGeotag:
    """Teaches the id of each article."""

    def run(self, articles: Sequence[StageInput]) -> list[Geotags]:
        self.given = [*getattr(self, "given", []), *articles]
        return [Geotags() for _ in articles]

    def lesson(self, article: StageInput, _: Geotags) -> str:
        return article.ref.article_id


def test_an_article_is_given_what_earlier_ones_of_its_source_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    geotag = FakeGeotag()
    monkeypatch.setattr(story_corpora, "EntitiesStage", FakeEntities)
    monkeypatch.setattr(story_corpora, "GeotagStage", lambda: geotag)
    sources = ["one.example", "two.example", None]
    articles = [StageInput(Ref(f"a{at}", 1), NOON, source=sources[at % 3]) for at in range(300)]
    list(story_corpora._read(articles))
    first, last, nameless = geotag.given[0].memory, geotag.given[297].memory, geotag.given[299].memory
    assert first is not None
    assert last is not None
    assert first.lessons == ()
    assert nameless is None
    earlier = [f"a{at}".encode() for at in range(0, 288, 3)]
    assert last.version == len(earlier)
    assert list(last.lessons) == earlier[-WINDOW:]
