from typing import Any

from benchmarks.geotag_hidden import hidden, without
from tasks.geotag import shipped_gazetteer

FILLER = " ".join(["The council met again on Monday to talk about the budget."] * 8)


def article(text: str, host: str = "news.example") -> dict[str, Any]:
    return {"id": "a", "host": host, "text": f"{text} {FILLER}"}


def towns(*articles: dict[str, Any]) -> list[list[str | None]]:
    found = hidden(articles, shipped_gazetteer())
    return [[place.admin1_code for place in one.towns.values()] for one in found]


def test_a_town_that_stands_with_its_state_is_gold() -> None:
    assert towns(article("A fire in Warren, Michigan, and one in Flint, Mich.")) == [["US.MI", "US.MI"]]


def test_articles_of_several_states_and_of_none_are_left_out() -> None:
    assert towns(article("Warren, Mich. and Warren, Ohio")) == []
    assert towns(article("A fire in Warren.")) == []


def test_no_host_has_more_than_four_articles() -> None:
    assert len(towns(*[article("Warren, Mich.")] * 9, article("Flint, Mich.", "other.example"))) == 5


def test_the_state_is_struck_out_wherever_it_stands() -> None:
    assert without("DETROIT, Mich. (AP) - In Warren, Michigan, the Michigan State Police", "MI") == (
        "DETROIT (AP) - In Warren, the the state State Police"
    )
    assert without("Flint, MI 48502", "MI") == "Flint 48502"
