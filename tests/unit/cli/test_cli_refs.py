import pytest

from cli.errors import Trouble
from cli.refs import Wanted, parse_ref, require_name


def test_an_id_may_name_a_revision() -> None:
    assert parse_ref("abc") == Wanted("abc", None)
    assert parse_ref(" abc:3 ") == Wanted("abc", 3)


@pytest.mark.parametrize("text", ["", "a/b", "a:", "a:b", "a b", "../etc", "a:0", "a:9999999999"])
def test_what_is_no_id_is_told(text: str) -> None:
    with pytest.raises(Trouble, match="not an article id"):
        parse_ref(text)


def test_an_order_names_an_article_by_its_whole_id() -> None:
    require_name("a" * 26)
    require_name(f"{'a' * 26}:3")


@pytest.mark.parametrize("text", ["", "zz", "a" * 25, "A" * 26, f"{'a' * 26}:0", f"{'a' * 26}:x"])
def test_an_order_that_names_no_article_is_not_sent(text: str) -> None:
    with pytest.raises(Trouble, match="not an article id") as trouble:
        require_name(text)
    assert "quarantine list" in trouble.value.next_step
