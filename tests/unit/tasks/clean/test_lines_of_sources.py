from schemas import Submission
from tasks.clean import SOURCE_LINES, countable_lines, line_digest
from tasks.clean._cleaning import clean

STORY = [
    "The regional governor said on Monday that repairs to the power grid would take three days, and that crews came.",
    "The mayor asked residents to save power in the evening hours, and promised that hospitals would come first.",
    "A spokeswoman for the railway said that trains would run again on Thursday, with delays until the weekend.",
    "The school in the old town stays closed, said its head, and lessons are held in the library until further notice.",
]
PLEA = "The Truth Must be Told"
LONG = "Now more than ever people are reading the Herald for news they will not get anywhere else in the region."
SOURCE = "\n\n".join([*STORY, PLEA, LONG])


def test_lines_that_are_frequent_in_the_source_are_taken() -> None:
    found = clean(Submission(text=SOURCE), frequent=frozenset({line_digest(PLEA), line_digest(LONG)}))
    assert found.text == "\n\n".join(STORY)
    assert {one.rule for one in found.removed} == {SOURCE_LINES}


def test_without_evidence_they_stay() -> None:
    assert clean(Submission(text=SOURCE)).text == SOURCE


def test_a_frequent_short_heading_between_paragraphs_stays() -> None:
    text = "\n\n".join([STORY[0], "What happened next", *STORY[1:]])
    assert clean(Submission(text=text), frequent=frozenset({line_digest("What happened next")})).text == text


def test_a_text_that_is_mostly_frequent_lines_is_left_alone() -> None:
    text = "\n\n".join(STORY)
    assert clean(Submission(text=text), frequent=frozenset(map(line_digest, STORY))).text == text


def test_what_was_taken_is_counted_again_so_that_it_stays_known() -> None:
    found = clean(Submission(text=SOURCE), frequent=frozenset({line_digest(PLEA), line_digest(LONG)}))
    assert {line_digest(PLEA), line_digest(LONG), line_digest(STORY[0])} <= set(countable_lines(found))


def test_case_blanks_and_punctuation_make_no_other_line() -> None:
    assert line_digest("The  truth must be told!") == line_digest(PLEA)


def test_cleaning_again_with_the_same_evidence_changes_nothing() -> None:
    frequent = frozenset({line_digest(PLEA), line_digest(LONG)})
    once = clean(Submission(text=SOURCE), frequent=frequent)
    assert clean(Submission(text=once.text, title=once.title), frequent=frequent).text == once.text
