import pytest

from schemas import Submission
from tasks.clean import find_story
from tasks.clean._cleaning import clean
from tasks.clean._joined import pieces

STORY = (
    "The bridge over the river was closed on Monday after engineers found cracks in two of its pillars. Mayor J. "
    "Doe said that repairs would take at least until the summer of next year, and that buses would go round. Nobody"
    " was hurt, said a spokeswoman for the port, which stays open to ships of every size that come up from the sea."
    " The city had inspected the bridge only two years ago, when it was called sound by the same company that found"
    " the cracks. Shopkeepers in the old town fear for their trade, because most of their customers come from the "
    "other side of the river. A ferry will take people on foot from next week on, every ten minutes from six in the"
    " morning until late in the evening. Drivers have to go by the motorway, which takes them half an hour longer "
    "at the best of times, and much more on Fridays. The minister of transport promised money for the repairs, "
    "though not how much, and not when the city would get it. Parliament will talk about the state of all bridges "
    "of the country in the first week of December. Experts have warned for years that too little is done, and that "
    "some of the oldest ones should be closed at once, before somebody is hurt on one of them."
)


def test_a_short_line_is_one_piece() -> None:
    assert pieces("One. Two. Three.") == [(0, 16)]


def test_a_long_line_without_sentences_is_one_piece() -> None:
    line = "word " * 500
    assert pieces(line) == [(0, len(line))]


def test_pieces_are_sentences_and_initials_end_none() -> None:
    texts = [STORY[start:end] for start, end in pieces(STORY)]
    assert len(texts) == 10
    assert texts[1].startswith("Mayor J. Doe said")


@pytest.mark.parametrize(
    "leftover",
    [
        "Advertisement",
        "Share on Facebook Tweet Print",
        "Sign up for our morning newsletter.",
        "This site uses cookies to make your visit better.",
        "© 2026 The Herald. All rights reserved.",
    ],
)
def test_a_leftover_between_two_sentences_of_a_joined_text_goes(leftover: str) -> None:
    at = STORY.index("Nobody was hurt")
    found = find_story(f"{STORY[:at]}{leftover} {STORY[at:]}")
    assert found.text == STORY
    assert [one.text.strip() for one in found.removed] == [leftover]


@pytest.mark.parametrize(
    "comments",
    ["12 COMMENTS Have your say John: I agree.", 'VIDEO 2 mins 3 thoughts on "Bridge closed" John says: No.'],
)
def test_what_readers_wrote_goes_with_its_heading(comments: str) -> None:
    assert find_story(f"{STORY} {comments}").text.removesuffix(" VIDEO 2 mins") == STORY


def test_an_advertisement_that_is_the_subject_of_a_sentence_stays() -> None:
    text = f"{STORY} Advertisement revenue fell by a tenth this year."
    assert find_story(text).text == text


def test_a_related_headline_has_no_end_in_a_joined_text_and_stays() -> None:
    text = f"{STORY} Related: Ten bridges to see The city is famous for them."
    assert find_story(text).text == text


def test_removed_spans_and_kept_text_rebuild_a_joined_text() -> None:
    source = f"{STORY} Advertisement {STORY}"
    found = clean(Submission(text=source))
    assert all(source[one.start : one.end] == one.text for one in found.removed)


def test_cleaning_a_joined_text_again_changes_nothing() -> None:
    at = STORY.index("Nobody was hurt")
    once = clean(Submission(text=f"{STORY[:at]}Advertisement {STORY[at:]} 4 comments John: Yes.")).text
    assert clean(Submission(text=once)).text == once == STORY


def test_a_caption_ends_with_its_credit() -> None:
    at = STORY.index("Nobody was hurt")
    caption = "The old bridge on Monday (Image: Getty)"
    found = find_story(f"{STORY[:at]}{caption} {STORY[at:]}")
    assert (found.text, [one.text for one in found.removed]) == (STORY, [caption])


def test_when_it_was_published_is_taken_out_of_the_middle_of_a_line() -> None:
    stamp = "Published November 18, 2024 9:26pm"
    assert stamp not in find_story(f"Bridge closed in the old town Jane Doe {stamp} {STORY}").text
