import time

import pytest

from tasks.clean._repair import fold_blanks, is_clean, repair


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("donâ€™t", "don’t"),
        ("cafÃ© au lait", "café au lait"),
        ("Budget &amp; plans &lt; 5", "Budget & plans < 5"),
        ("e\u0301te\u0301", "été"),
        ("no\u200bth\u00ading \u2060left\ufeff", "nothing left"),
        ("bell\x07 and \x00nul", "bell and nul"),
        ("a\xa0b\u2003 c\t d", "a b c d"),
        ("ﬁrst", "first"),
        ("РїСЂРёРІРµС‚ РјРёСЂ", "привет мир"),
    ],
)
def test_damage_is_repaired(broken: str, meant: str) -> None:
    assert repair(broken) == meant
    assert repair(meant) == meant


@pytest.mark.parametrize(
    "text",
    [
        "“Smart” ‘quotes’ — and… dashes – stay",
        "AT&T and R&D",
        "עברית \u200fRTL\u200e marks",
        "می\u200cخواهم",
        "👩\u200d👩\u200d👧",
        "全角，标点。",
        "Ærøskøbing, Ångström, São Paulo",
        "Россия и Україна",
        "lost \ufffd here",
    ],
)
def test_what_is_right_is_kept(text: str) -> None:
    assert repair(text) == text


def test_only_a_text_that_needs_nothing_is_clean() -> None:
    assert is_clean("Plain “text” — nothing to do")
    assert not is_clean("donâ€™t")
    assert not is_clean("e\u0301")
    assert not is_clean("zero\u200bwidth")
    assert not is_clean("&amp;")


def test_blanks_are_folded() -> None:
    assert fold_blanks(" a \xa0 b\n") == "a b"


def test_an_ampersand_that_was_escaped_hundreds_of_times_costs_little() -> None:
    began = time.process_time()
    assert repair("salt &" + "amp;" * 2_000 + " pepper " * 200).startswith("salt & pepper")
    assert time.process_time() - began < 1
