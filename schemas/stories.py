"""Stories: the articles of several outlets about one event."""

from datetime import datetime

from pydantic import Field

from schemas.base import Model


class Count(Model):
    """A value, and how many articles of a story have it."""

    value: str
    articles: int = Field(ge=1)


class StoryPlace(Model):
    """A place that articles of a story name, and how many do."""

    geoname_id: int
    name: str | None = Field(
        description="As the most central article has it, else another one; null where none of the first 20 names it."
    )
    articles: int = Field(ge=1)


class Story(Model):
    """An event that at least two articles report."""

    id: str = Field(description="Article id of the first article. After a merger both ids lead to the story.")
    size: int = Field(ge=2, description="Articles, copies included.")
    first_at: datetime = Field(description="Publication of the earliest article; acceptance where that is not known.")
    last_at: datetime
    headline: str | None = Field(description="Headline of the most central article.")
    central_article_id: str = Field(description="The article that others of the story resemble most often.")
    sources: tuple[Count, ...] = Field(description="Hosts, those with most articles first; at most 20.")
    source_count: int = Field(ge=0)
    places: tuple[StoryPlace, ...] = Field(description="At most 20.")
    countries: tuple[Count, ...] = Field(description="ISO 3166-1 alpha-2.")
    entities: tuple[Count, ...] = Field(
        description="Persons, organisations and events by name, at most 20, as the articles of the story write them; "
        "in lower case where none of its first 20 does any more."
    )


class StoryArticle(Model):
    """One article of a story."""

    article_id: str
    revision: int = Field(ge=1)
    at: datetime
    status_url: str


class StoryDetail(Story):
    """A story with its articles."""

    articles: tuple[StoryArticle, ...] = Field(
        description="Oldest first, at most 500; `GET /v1/articles?story=` lists all."
    )


class StoryPage(Model):
    """A run of stories."""

    items: tuple[Story, ...]
    next_cursor: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one.")
