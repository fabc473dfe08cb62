from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schemas import Submission
from tasks.clean import find_story
from tasks.clean._applying import suspect_test
from tasks.clean._cleaning import clean
from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._passages import split
from tasks.clean._repair import repair
from tasks.clean._rules import Rule
from tasks.clean._views import View

PIECES = [
    "Advertisement", "Read more", "Related Sources:", "• Source 1 • Source 2", "By Jane Doe", "Share on Facebook",
    "The governor said on Monday that repairs to the power grid would take three days, officials confirmed.",
    "The governor said on Monday that repairs would take three days. Related Sources: • One • Two",
    "Grid repairs begin in Sumy", "You may also like", "KYIV, Nov 12 (Reuters) — The", "donâ€™t", "&amp;lt;", "\u200b",
    "Comments", "2024-11-12", "© 2024", "- item", "Ã\x85land", "e\u0301", "|||", "&#10;", "Tags: a, b", "1. One",
]  # fmt: skip
LINES = st.one_of(st.sampled_from(PIECES), st.text(max_size=40))
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\r\n", " ", "\u2028", ""])), max_size=12).map(
    lambda parts: "".join(line + end for line, end in parts)
)
SENTENCES = [
    "The governor said on Monday that repairs to the power grid would take three days, officials confirmed.",
    "Mayor J. Doe said that repairs would take until the summer, and that buses would go round the old town.",
    "Nobody was hurt, said a spokeswoman for the port, which stays open to ships of every size from the sea.",
    "“A ferry will take people on foot from next week on,” she said, “every ten minutes until the late evening.”",
    "The minister of transport promised money, though not how much, and not when the city would get any of it.",
]
LEFT_OVER = [
    *PIECES, "12 Comments", "Leave a Reply", "Top Rated Comments", "[ January 17, 2019 ]", "Share Tweet", "Most Read",
    "Crews at work (Image: Getty)", "Published November 18, 2024 9:26pm", "MORE: Bridge closed", "WAR IN UKRAINE",
]  # fmt: skip
LADEN = st.lists(
    st.one_of(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES), st.sampled_from(LEFT_OVER)),
    min_size=3,
    max_size=30,
)
LINED = st.tuples(LADEN, st.sampled_from(["\n", "\n\n"])).map(lambda parts: parts[1].join(parts[0]))
SHAPES = st.one_of(LINED, LADEN.map(" ".join))
"""Texts full of leftovers, with line breaks and without them; the longer ones are looked at sentence by sentence."""
EVERY = st.one_of(TEXTS, SHAPES)
TITLES = st.one_of(st.none(), st.sampled_from(["Grid repairs begin in Sumy", "Another title of a story"]))
MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "<a href='x'>", "<script>", "</script>", "<!--", "-->", "<", "&", "<br"]
        ),
        LINES,
    ),
    max_size=25,
).map("".join)

relaxed = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


HELD_TOGETHER = " ".join(
    [SENTENCES[0]] * 7 + ["\u200b", SENTENCES[0], "donâ€™t", SENTENCES[0], "donâ€™t", SENTENCES[0]]
)


@relaxed
@given(EVERY, TITLES)
@example(HELD_TOGETHER, None)
def test_a_cleaned_story_is_its_own_story(source: str, title: str | None) -> None:
    first = find_story(source, title)
    second = find_story(first.text, first.title)
    assert (second.text, second.title, second.removed) == (first.text, first.title, ())


@relaxed
@given(EVERY, TITLES)
def test_removed_spans_point_at_their_text_in_order_and_apart(source: str, title: str | None) -> None:
    end = 0
    for removed in find_story(source, title).removed:
        assert source[removed.start : removed.end] == removed.text
        assert removed.text
        assert removed.start >= end
        end = removed.end


@relaxed
@given(EVERY, TITLES)
def test_removed_spans_and_kept_text_hold_every_word_of_the_source(source: str, title: str | None) -> None:
    story = find_story(source, title)
    kept, end = "", 0
    for removed in story.removed:
        kept += source[end : removed.start] + "\n"
        end = removed.end
    kept += source[end:]
    assert [word for passage in split(kept) for word in passage.text.split()] == story.text.split()


@relaxed
@given(st.text())
def test_repairing_twice_changes_nothing_more(line: str) -> None:
    assert repair(repair(line)) == repair(line)


@relaxed
@given(TEXTS.filter(str.strip))
def test_any_text_is_cleaned(text: str) -> None:
    source = text.replace("\x00", "")
    if source.strip():
        result = clean(Submission(text=source))
        assert result.quality.boilerplate_only == (not result.text)


@settings(relaxed, max_examples=30)
@given(MARKUP)
def test_any_page_is_cleaned(html: str) -> None:
    source = html.replace("\x00", "")
    if source.strip():
        result = clean(Submission(html=source))
        assert result.quality.words == len(result.text.split())


@relaxed
@given(EVERY, TITLES)
def test_the_same_text_gives_the_same_bytes(source: str, title: str | None) -> None:
    if source.replace("\x00", "").strip():
        submission = Submission(text=source.replace("\x00", ""), title=title)
        assert clean(submission).model_dump_json() == clean(submission).model_dump_json()


@relaxed
@given(EVERY)
def test_no_rule_takes_a_line_that_is_no_suspect(source: str) -> None:
    passages = split(source)
    every, suspects = View.of(passages), View.of(passages, suspect_test(LEFTOVERS))
    for rule in LEFTOVERS:
        if isinstance(rule, Rule):
            assert list(rule.takes(every)) == list(rule.takes(suspects))
