"""What articles of a story call its places and entities: the index keeps ids and small letters only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import Ref, Result, Story
from schemas.result import Article
from store.stories import indexed_name

ASKED: Final = 20
"""Articles of one story that are asked at most."""
_AT_ONCE: Final = 4
"""Articles of one story that are asked in one round trip: mostly they know all that its central article does not."""


@dataclass(frozen=True, slots=True)
class StoryNames:
    """The names of one story's places and entities, as far as its articles were asked."""

    places: dict[int, str] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)
    """As they are written, by how the index writes them."""

    def learn(self, article: object) -> None:
        """Keep what an article calls them, unless an earlier one said so already."""
        if not isinstance(article, Result):
            return
        for place in article.geotags.places if article.geotags else ():
            self.places.setdefault(place.geoname_id, place.name)
        for entity in article.entities.entities if article.entities else ():
            self.entities.setdefault(indexed_name(entity.name), entity.name)

    def lacks(self, story: Story) -> bool:
        """Whether a place or an entity of the story is still without its name."""
        return any(place.geoname_id not in self.places for place in story.places) or any(
            entity.value not in self.entities for entity in story.entities
        )

    def told(self, story: Story) -> Story:
        """The story with the names."""
        places = [place.model_copy(update={"name": self.places.get(place.geoname_id)}) for place in story.places]
        entities = [
            entity.model_copy(update={"value": self.entities.get(entity.value, entity.value)})
            for entity in story.entities
        ]
        return story.model_copy(update={"places": tuple(places), "entities": tuple(entities)})


def named(
    stories: Sequence[Story],
    names: Mapping[str, StoryNames],
    members: Callable[[Sequence[str]], Sequence[Sequence[Ref]]],
    articles: Callable[[Sequence[Ref]], Sequence[Article]],
) -> list[Story]:
    """The stories with the names of their places and entities; their articles are asked until nothing lacks one.

    Args:
        stories: As the index has them.
        names: What is known already, by story; it is added to.
        members: Answers the articles of each story, at most `ASKED`.
        articles: Answers articles; those that are gone are left out.
    """
    lacking = [story for story in stories if names[story.id].lacks(story)]
    refs = dict(zip((story.id for story in lacking), members([story.id for story in lacking]), strict=True))
    for start in range(0, ASKED, _AT_ONCE):
        lacking = [story for story in lacking if names[story.id].lacks(story) and len(refs[story.id]) > start]
        if not lacking:
            break
        _ask(names, {story.id: refs[story.id][start : start + _AT_ONCE] for story in lacking}, articles)
    return [names[story.id].told(story) for story in stories]


def _ask(
    names: Mapping[str, StoryNames],
    asked: Mapping[str, Sequence[Ref]],
    articles: Callable[[Sequence[Ref]], Iterable[Article]],
) -> None:
    story_of = {ref: story for story, refs in asked.items() for ref in refs}
    for article in articles(list(story_of)):
        names[story_of[Ref(article.id, article.revision)]].learn(article)
