"""From a source text to the story in it: passages, leftovers, headline, kicker, subhead, byline, dateline."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Dateline, Removed
from tasks.clean._head import find_dateline, take_byline, take_headline
from tasks.clean._kicker import find_subhead, named_kicker, take_kicker
from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._passages import Passage, join, split
from tasks.clean._rules import Rules, Taken, apply

_MAX_ROUNDS = 50
"""Each round takes something; real texts need two."""


@dataclass(frozen=True, slots=True)
class Story:
    """The text of an article and what was split off it. Spans of ``removed`` point into the source."""

    text: str
    title: str | None
    kicker: str | None
    subhead: str | None
    byline: str | None
    authors: tuple[str, ...]
    dateline: Dateline | None
    removed: tuple[Removed, ...]


def _removed(source: str, taken: Sequence[Taken]) -> tuple[Removed, ...]:
    """The record of what was taken, in the order of the source; neighbours that one rule took are one entry."""
    spans: list[tuple[str, int, int]] = []
    for one in sorted(taken, key=lambda one: one.passage.start):
        rule, start, end = one.rule, one.passage.start, one.passage.end
        if spans and spans[-1][0] == rule and not source[spans[-1][2] : start].strip():
            start = spans.pop()[1]
        spans.append((rule, start, end))
    return tuple(Removed(rule=rule, start=start, end=end, text=source[start:end]) for rule, start, end in spans)


def find_story(
    source: str,
    title: str | None = None,
    *,
    headlines: Sequence[str] = (),
    kicker: str | None = None,
    rules: Rules = LEFTOVERS,
) -> Story:
    """Find the story in a text.

    Leftovers, headline, byline and kicker are taken again and again until nothing more is found, so that the result,
    given with its title, is its own story.

    Args:
        source: The submitted text, or the text extracted from a page.
        title: The title if it is known; otherwise a first line that looks like a headline becomes the title.
        headlines: Other titles that the page gives itself; they are no part of the text either.
        kicker: The label above the headline, if the page marks one.
        rules: The rules for leftovers, in their order.
    """
    passages: Sequence[Passage] = split(source)
    byline: str | None = None
    authors: tuple[str, ...] = ()
    taken: list[Taken] = []
    for _ in range(_MAX_ROUNDS):
        before = len(taken)
        passages, leftovers = apply(source, passages, rules)
        title, passages, repeated = take_headline(passages, title, headlines)
        line, names, passages, bylines = take_byline(passages)
        passages, labels = take_kicker(passages, [*taken, *repeated], kicker)
        byline, authors = (byline, authors) if byline else (line, names)
        taken += [*leftovers, *repeated, *bylines, *labels]
        if len(taken) == before:
            break
    taken = named_kicker(taken)
    return Story(
        text=join(source, passages),
        title=title,
        kicker=next((one.passage.text for one in taken if one.rule == "kicker"), kicker),
        subhead=find_subhead(passages, title, taken),
        byline=byline,
        authors=authors,
        dateline=find_dateline(passages[0].text) if passages else None,
        removed=_removed(source, taken),
    )
