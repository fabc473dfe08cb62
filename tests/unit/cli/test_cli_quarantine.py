import json

import pytest
from ledger_steps import finish
from operators import Printed, in_quarantine, operating

from cli import quarantine
from cli.errors import Trouble
from cli.exits import Exit
from schemas import Lane
from store import Store


def test_the_quarantine_is_listed_with_the_reason(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.list_all(10, as_json=False, client=operating(store))
    told = printed()
    assert str(ref) in told
    assert "Boom" in told


def test_an_empty_quarantine_says_so(store: Store, printed: Printed) -> None:
    quarantine.list_all(10, as_json=False, client=operating(store))
    assert "empty" in printed()


def test_one_article_in_quarantine_is_shown_with_who_when_where_and_why(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.show(ref.article_id, as_json=False, client=operating(store))
    told = printed()
    assert "Boom: m" in told
    assert "w (v)" in told


def test_an_article_that_is_not_in_quarantine_is_told(store: Store) -> None:
    ref = finish(store)
    with pytest.raises(Trouble, match="404"):
        quarantine.show(ref.article_id, as_json=False, client=operating(store))


def test_retry_sends_an_article_back_to_its_lane(store: Store) -> None:
    ref = in_quarantine(store, 1)
    assert quarantine.change("retry", [str(ref)], everything=False, as_json=True, client=operating(store)) is Exit.OK
    assert store.ledger.backlog().waiting[Lane.LIVE] == 1


def test_an_order_that_names_no_article_is_told_before_it_is_sent(store: Store) -> None:
    with pytest.raises(Trouble, match="'zz' is not an article id"):
        quarantine.change("retry", ["zz"], everything=False, as_json=False, client=operating(store))
    assert store.audit.newest() == []


def test_what_is_not_in_quarantine_cannot_be_dropped(store: Store, printed: Printed) -> None:
    ref = finish(store)
    assert quarantine.change("drop", [str(ref)], everything=False, as_json=True, client=operating(store)) is Exit.FOUND
    assert json.loads(printed()) == {"changed": 0, "not_in_quarantine": [str(ref)]}


@pytest.mark.parametrize(("articles", "everything"), [([], False), (["a"], True)])
def test_changing_needs_either_ids_or_all(store: Store, articles: list[str], *, everything: bool) -> None:
    with pytest.raises(Trouble, match="Say which") as trouble:
        quarantine.change("drop", articles, everything=everything, as_json=False, client=operating(store))
    assert trouble.value.exit_code is Exit.USAGE


def test_everything_means_everything_however_much_it_is(
    store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.operate._AT_ONCE", 2)
    for number in range(5):
        in_quarantine(store, number)
    quarantine.change("drop", [], everything=True, as_json=True, client=operating(store))
    assert json.loads(printed()) == {"changed": 5, "not_in_quarantine": []}


def test_a_retry_of_all_ends_though_articles_fail_again(
    store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_AT_ONCE", 2)
    monkeypatch.setattr("api.routes.operate._AT_ONCE", 2)
    for number in range(5):
        in_quarantine(store, number)
    monkeypatch.setattr(store.quarantine, "retry", lambda _: True)
    quarantine.change("retry", [], everything=True, as_json=True, client=operating(store))
    assert json.loads(printed()) == {"changed": 5, "not_in_quarantine": []}
    assert len(store.quarantine.list()) == 5


def test_a_retry_of_all_passes_over_none_beside_a_drop(
    store: Store, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "_AT_ONCE", 2)
    refs = [in_quarantine(store, number) for number in range(6)]
    client = operating(store)
    listed = client.get

    def dropped_beside(path: str, **params: str | int) -> object:
        answer = listed(path, **params)
        store.quarantine.drop(refs[0])
        return answer

    monkeypatch.setattr(client, "get", dropped_beside)
    quarantine.change("retry", [], everything=True, as_json=True, client=client)
    assert json.loads(printed())["changed"] == 5
    assert store.quarantine.list() == []


def test_the_quarantine_is_told_to_programs(store: Store, printed: Printed) -> None:
    ref = in_quarantine(store, 1)
    quarantine.list_all(10, as_json=True, client=operating(store))
    [entry] = json.loads(printed())
    assert entry["failure"]["error"] == "Boom"
    quarantine.show(str(ref), as_json=True, client=operating(store))
    assert json.loads(printed()) == entry


def test_what_was_not_in_quarantine_is_named_for_people(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    ref = finish(store)
    quarantine.change("retry", [str(ref)], everything=False, as_json=False, client=operating(store))
    assert f"{ref} is not in quarantine" in capsys.readouterr().err
