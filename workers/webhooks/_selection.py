"""Decides which events a subscription wants. Pure."""

from schemas import COPIES, EventType, FeedEntry, Outcome, Result, WantedEntity, WebhookFilter, event_type, event_types

_WITHOUT_RESULT = frozenset({EventType.WITHDRAWN, EventType.QUARANTINED})


def wants_entry(wanted: WebhookFilter, entry: FeedEntry) -> bool:
    """Whether the feed entry alone leaves it possible that the event is wanted: cheap, and decides most."""
    if wanted.types and not set(event_types(entry)) & set(wanted.types):
        return False
    if wanted.sources and entry.source not in wanted.sources:
        return False
    if event_type(entry) in _WITHOUT_RESULT:
        return True
    if wanted.languages and entry.language not in wanted.languages:
        return False
    if wanted.stories and not {entry.story_id, *entry.merged_stories} & set(wanted.stories):
        return False
    return not (wanted.originals and entry.relation in COPIES)


def wants_result(wanted: WebhookFilter, result: Result) -> bool:
    """Whether a result matches the conditions that need it."""
    if result.outcome not in {Outcome.DONE, Outcome.PARTIAL}:
        return True
    places = result.geotags.places if result.geotags else ()
    if wanted.places and not any(place.geoname_id in wanted.places for place in places):
        return False
    if wanted.countries and not any(place.country_code in wanted.countries for place in places):
        return False
    return not wanted.entities or any(_names(one, result) for one in wanted.entities)


def _names(wanted: WantedEntity, result: Result) -> bool:
    name = wanted.name.casefold()
    found = result.entities.entities if result.entities else ()
    return any(
        wanted.label in {None, entity.label} and name in {entity.name.casefold(), entity.id.casefold()}
        for entity in found
    )
