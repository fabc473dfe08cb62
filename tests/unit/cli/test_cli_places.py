import json
from pathlib import Path

import pytest
from unit.tasks.geotag.geotag_articles import open_gazetteer

from cli import gazetteer as command
from cli import sources
from cli.errors import Trouble
from store import Store
from tasks.geotag import Gazetteer


@pytest.fixture
def places(tmp_path: Path) -> Gazetteer:
    return open_gazetteer(tmp_path)


def test_a_look_up_shows_every_bearer_of_a_name(places: Gazetteer, capsys: pytest.CaptureFixture[str]) -> None:
    command.lookup("Springfield", 20, as_json=False, gazetteer=places)
    out = capsys.readouterr().out
    assert [word in out for word in ("North State, FR", "200,000", "primary")] == [True] * 3


def test_a_look_up_in_json_says_whether_there_is_more(places: Gazetteer, capsys: pytest.CaptureFixture[str]) -> None:
    command.lookup("springfield", 2, as_json=True, gazetteer=places)
    found = json.loads(capsys.readouterr().out)
    assert [row["geoname_id"] for row in found["candidates"]] == [5, 6]
    assert (found["more"], found["gazetteer"], found["candidates"][0]["feature"]) == (True, "test", "P.PPL")
    command.lookup("Springfield", 2, as_json=False, gazetteer=places)
    assert "and 1 more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"), [("Zubrowka", "knows no Zubrowka"), ("Western", "adjective"), ("z" * 300, "z{80}….")]
)
def test_a_name_that_is_no_place_says_so(places: Gazetteer, name: str, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        command.lookup(name, 20, as_json=False, gazetteer=places)


def test_a_home_is_set_shown_and_taken_back(
    store: Store, places: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    sources.set_home("https://www.news.example/path", 8, as_json=False, store=store, gazetteer=places)
    assert store.sources.homes() == {"news.example": 8}
    assert "news.example: Ogdenville" in capsys.readouterr().out
    sources.show(None, as_json=False, store=store, gazetteer=places)
    assert "Ogdenville" in capsys.readouterr().out
    sources.show("news.example", as_json=True, store=store, gazetteer=places)
    assert json.loads(capsys.readouterr().out) == {"source": "news.example", "home": 8, "articles": 0}
    sources.set_home("news.example", None, as_json=True, store=store, gazetteer=places)
    assert store.sources.homes() == {}


def test_one_source_is_shown_for_people(store: Store, places: Gazetteer, capsys: pytest.CaptureFixture[str]) -> None:
    sources.show("News.example", as_json=False, store=store, gazetteer=places)
    told = capsys.readouterr().out
    assert [words in told for words in ("news.example", "not set", "places of 0 articles")] == [True] * 3
    sources.set_home("news.example", 8, as_json=False, store=store, gazetteer=places)
    capsys.readouterr()
    sources.show("news.example", as_json=False, store=store, gazetteer=places)
    assert "Ogdenville, FR (8)" in capsys.readouterr().out
    store.sources.set_home("news.example", 999)
    sources.show("news.example", as_json=False, store=store, gazetteer=places)
    assert "999, which is not in this gazetteer" in capsys.readouterr().out


def test_without_homes_there_is_a_next_step(
    store: Store, places: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    sources.show(None, as_json=False, store=store, gazetteer=places)
    assert "dateline sources home" in capsys.readouterr().out


@pytest.mark.parametrize("host", ["", " ", "a b", "https://", "a/b c"])
def test_what_is_no_host_has_no_home(store: Store, places: Gazetteer, host: str) -> None:
    with pytest.raises(Trouble, match="is no host"):
        sources.set_home(host, None, as_json=False, store=store, gazetteer=places)
    with pytest.raises(Trouble, match="is no host"):
        sources.show(host, as_json=False, store=store, gazetteer=places)
    assert store.audit.newest() == []


def test_who_set_a_home_is_written_down(store: Store, places: Gazetteer) -> None:
    sources.set_home("news.example", 8, as_json=False, store=store, gazetteer=places)
    [entry] = store.audit.newest()
    assert (entry.action, entry.subject, entry.outcome) == ("sources home", "news.example 8", "done")


@pytest.mark.parametrize("name", ["", "  "])
def test_a_look_up_of_nothing_is_told(places: Gazetteer, name: str) -> None:
    with pytest.raises(Trouble, match="no name to look up"):
        command.lookup(name, 20, as_json=True, gazetteer=places)


def test_a_home_that_is_no_place_is_refused(store: Store, places: Gazetteer) -> None:
    with pytest.raises(Trouble, match="999"):
        sources.set_home("news.example", 999, as_json=False, store=store, gazetteer=places)
