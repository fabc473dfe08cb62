import pytest

from cli.errors import Trouble
from cli.refs import Wanted, parse_ref


def test_an_id_may_name_a_revision() -> None:
    assert parse_ref("abc") == Wanted("abc", None)
    assert parse_ref(" abc:3 ") == Wanted("abc", 3)


@pytest.mark.parametrize("text", ["", "a/b", "a:", "a:b", "a b", "../etc"])
def test_what_is_no_id_is_told(text: str) -> None:
    with pytest.raises(Trouble, match="not an article id"):
        parse_ref(text)
