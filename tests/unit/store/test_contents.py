import pytest
from conftest import article
from contents import entity, publish, relation

from schemas import Label, Lane
from store import NamedEntity, Query, Store, listing

NATO = {"entities": [entity("ORG", "NATO"), entity("PERSON", "Ada Lune")]}


def ids(store: Store, **query: object) -> list[str]:
    found, cursor = [], None
    while True:
        page = store.listing.page(Query(**query), cursor, 3)  # type: ignore[arg-type]
        found += [item.id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("NATO", True),
        ("nato", True),
        ("ORG:NATO", True),
        ("org:nato", True),
        ("PERSON:NATO", False),
        ("NAT", False),
        (" Ada Lune ", True),
        ("person:ada lune", True),
    ],
)
def test_articles_are_found_by_their_entities(any_store: Store, text: str, *, fits: bool) -> None:
    named = publish(any_store, 1, entities=NATO)
    publish(any_store, 2, entities={"entities": [entity("ORG", "Coast Wire")]})
    publish(any_store, 3)
    assert ids(any_store, entity=NamedEntity.parse(text)) == ([named.article_id] if fits else [])


def test_a_name_with_a_colon_is_a_name() -> None:
    assert NamedEntity.parse("Mission: Impossible") == NamedEntity("Mission: Impossible")
    assert NamedEntity.parse("ORG:") == NamedEntity("ORG:")
    assert NamedEntity.parse("WORK:Dune: Part Two") == NamedEntity("Dune: Part Two", Label.WORK)


def test_withdrawn_articles_are_not_found(any_store: Store) -> None:
    any_store.withdrawals.withdraw(publish(any_store, 1, entities=NATO))
    assert ids(any_store, entity=NamedEntity.parse("NATO")) == []


def test_copies_can_be_left_out(any_store: Store) -> None:
    original = publish(any_store, 1, dedupe=relation("original"))
    for number, kind in enumerate(("exact", "near", "contained_in"), start=2):
        publish(any_store, number, dedupe=relation(kind))
    assert ids(any_store, originals=True) == [original.article_id]
    assert len(ids(any_store)) == 4


def test_pages_of_what_is_rare_are_short_and_lead_on(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_SCAN", 2)
    monkeypatch.setattr(listing, "_READ", 4)
    rare = [publish(any_store, number, entities=NATO if number in {0, 7} else {}) for number in range(10)]
    wanted = NamedEntity.parse("NATO")
    first = any_store.listing.page(Query(entity=wanted), None, 5)
    assert first.next_cursor, "four were read, and there are more"
    assert ids(any_store, entity=wanted) == sorted([rare[7].article_id, rare[0].article_id], key=ids(any_store).index)


def test_a_call_looks_at_so_many_articles_and_the_next_one_goes_on(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_SCAN", 2)
    monkeypatch.setattr(listing, "_LOOKED_AT", 4)
    [waiting] = any_store.ledger.accept([article(100, lane=Lane.BULK)])
    any_store.scripts.clock_ms = 2_000_000
    for number in range(6):
        publish(any_store, number)
    first = any_store.listing.page(Query(outcome="pending"), None, 5)
    assert (first.items, first.next_cursor is not None) == ((), True)
    assert ids(any_store, outcome="pending") == [waiting.ref.article_id]


def test_conditions_hold_together(any_store: Store) -> None:
    publish(any_store, 1, entities=NATO, dedupe=relation("near"))
    both = publish(any_store, 2, entities=NATO, dedupe=relation("original"))
    found = ids(any_store, entity=NamedEntity.parse("NATO"), originals=True, source="news.example", outcome="done")
    assert found == [both.article_id]


def test_the_articles_of_a_story_are_listed_newest_first_and_by_the_id_of_one_that_merged(any_store: Store) -> None:
    members = [publish(any_store, number) for number in range(5)]
    publish(any_store, 9)
    any_store.client.zadd("dl:sty:m:s1", {str(ref): 100 - number for number, ref in enumerate(members)})
    any_store.client.hset("dl:sty:alias", "s0", "s1")
    every = ids(any_store)
    expected = sorted((ref.article_id for ref in members), key=every.index)
    assert ids(any_store, story="s1") == expected
    assert ids(any_store, story="s0", outcome="done") == expected
    assert ids(any_store, story="s0", outcome="partial") == []
    assert ids(any_store, story="unknown") == []


def test_all_articles_of_a_large_story_are_listed_page_by_page(store: Store) -> None:
    """More than one answer tells of a story, and more than is timed in one round trip."""
    accepted = store.ledger.accept([article(number) for number in range(1_200)])
    for place, one in enumerate(accepted):  # as the story's index keeps them: by publication, which says nothing here
        store.client.zadd(f"{store.keys.prefix}:sty:m:large", {str(one.ref): (place * 7) % 1_200})
    found: list[str] = []
    cursor = None
    while True:
        page = store.listing.page(Query(story="large"), cursor, 200)
        found += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(found) == len(set(found)) == 1_200
    assert set(found) == {one.ref.article_id for one in accepted}
