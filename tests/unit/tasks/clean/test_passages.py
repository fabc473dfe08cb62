from tasks.clean._passages import Passage, cut, split

WRAPPED = """\
The regional governor said on Monday that repairs to the power grid
would take three days, and that crews from two neighbouring regions
were on their way to help.

The mayor asked residents to save power in the evening hours, and
promised that hospitals would come first.
• Hospitals have generators of their own that will last for a week
or two
• Schools are closed"""


def texts(source: str) -> list[str]:
    return [passage.text for passage in split(source)]


def test_every_kind_of_line_end_separates_passages() -> None:
    assert texts("a\nb\r\nc\rd\u2028e\u2029f\x0cg") == list("abcdefg")


def test_blank_and_invisible_lines_are_no_passages() -> None:
    assert texts(" \n\u200b\n\nonly\n \t\n") == ["only"]
    assert split("") == []


def test_spans_cover_the_line_without_its_blanks() -> None:
    source = "  a b \n\n c\u200b d"
    assert [source[passage.start : passage.end] for passage in split(source)] == ["a b", "c\u200b d"]


def test_hard_wrapped_lines_are_joined_and_bullets_are_not() -> None:
    found = texts(WRAPPED)
    assert len(found) == 4
    assert found[0].endswith("were on their way to help.")
    assert found[2:] == [
        "• Hospitals have generators of their own that will last for a week or two",
        "• Schools are closed",
    ]


def test_short_paragraphs_on_lines_of_their_own_are_not_joined() -> None:
    source = "\n".join(f"The governor spoke about repairs for the {n}th time on Monday." for n in range(6))
    assert len(split(source)) == 6


def test_mojibake_that_contains_a_line_separator_is_repaired_whole() -> None:
    assert texts("Ã\x85land") == ["Åland"]


def test_a_passage_is_cut_at_a_word_in_text_and_source() -> None:
    source = "It\u200b is  cold.\xa0 Related: x y"
    (passage,) = split(source)
    halves = cut(source, passage, passage.text.index("Related"))
    assert halves is not None
    assert [half.text for half in halves] == ["It is cold.", "Related: x y"]
    assert [source[half.start : half.end] for half in halves] == ["It\u200b is  cold.", "Related: x y"]


def test_where_source_and_text_do_not_align_nothing_is_cut() -> None:
    source = "one&#32;two three"
    passage = Passage(0, len(source), "one two three")
    assert cut(source, passage, 4) is None
    assert cut(source, passage, 0) is None
    assert cut(source, passage, 1) is None
