"""From a source text to the story in it: passages, leftovers, headline, kicker, subhead, byline, dateline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas import Dateline, Removed
from tasks.clean._applying import Taken, apply
from tasks.clean._fields import take_fields
from tasks.clean._head import find_dateline, take_byline, take_headline
from tasks.clean._kicker import find_subhead, named_kicker, take_kicker
from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._passages import Passage, cut, join, places, split
from tasks.clean._repair import is_clean
from tasks.clean._rules import Rules

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
    first = _rounds(source, title, headlines=headlines, kicker=kicker, rules=rules)
    if first.story.text == source or not (_in_pieces(first.passages) or _repaired_to_pieces(source, first)):
        return first.story
    return _settled(source, first, headlines=headlines, rules=rules)


@dataclass(frozen=True, slots=True)
class _Found:
    """A story, the passages that are its text, and what was taken."""

    story: Story
    passages: Sequence[Passage]
    taken: Sequence[Taken]


def _in_pieces(passages: Sequence[Passage]) -> bool:
    return any(passage.is_piece for passage in passages)


def _repaired_to_pieces(source: str, found: _Found) -> bool:
    """Whether sentences that invisible characters or mojibake held together fall apart in the repaired text."""
    return not is_clean(source) and _in_pieces(split(found.story.text))


def _settled(source: str, first: _Found, *, headlines: Sequence[str], rules: Rules) -> Story:
    """Look again at a text without line breaks: its sentences fall apart otherwise once some of them are gone."""
    again = find_story(first.story.text, first.story.title, headlines=headlines, kicker=first.story.kicker, rules=rules)
    taken = _in_source(source, first, again.removed)
    if not again.removed or taken is None:
        return first.story
    return replace(
        again,
        kicker=first.story.kicker or again.kicker,
        subhead=again.subhead or first.story.subhead,
        byline=first.story.byline or again.byline,
        authors=first.story.authors or again.authors,
        removed=_removed(source, [*first.taken, *taken]),
    )


def _in_source(source: str, found: _Found, removed: Sequence[Removed]) -> list[Taken] | None:
    """Say which parts of the source hold what was removed from the story's text; ``None`` where that is unsure."""
    taken: list[Taken] = []
    for passage, begin in zip(found.passages, places(source, found.passages), strict=True):
        for one in removed:
            start, end = max(one.start - begin, 0), min(one.end - begin, len(passage.text))
            if start >= end or not passage.text[start:end].strip():
                continue
            part = _part(source, passage, start, end)
            if part is None:
                return None
            taken.append(Taken(one.rule, part))
    return taken


def _part(source: str, passage: Passage, start: int, end: int) -> Passage | None:
    """The part of a passage that is ``text[start:end]``."""
    part: Passage | None = passage
    after = len(passage.text) - len(passage.text[end:].lstrip())
    if passage.text[end:].strip():
        halves = cut(source, passage, after)
        part = halves[0] if halves else None
    if part is not None and passage.text[:start].strip():
        halves = cut(source, part, start)
        part = halves[1] if halves else None
    return part


def _rounds(source: str, title: str | None, *, headlines: Sequence[str], kicker: str | None, rules: Rules) -> _Found:
    passages: Sequence[Passage] = split(source)
    byline: str | None = None
    authors: tuple[str, ...] = ()
    taken: list[Taken] = []
    for _ in range(_MAX_ROUNDS):
        before = len(taken)
        fields, passages, told = take_fields(passages)
        title, authors = title or fields.title, authors or fields.authors
        passages, leftovers = apply(source, passages, rules)
        title, passages, repeated = take_headline(passages, title, headlines)
        line, names, passages, bylines = take_byline(passages)
        passages, labels = take_kicker(passages, [*taken, *repeated], kicker)
        byline, authors = (byline, authors) if byline else (line, names or authors)
        taken += [*told, *leftovers, *repeated, *bylines, *labels]
        if len(taken) == before:
            break
    taken = named_kicker(taken)
    story = Story(
        text=join(source, passages),
        title=title,
        kicker=next((one.passage.text for one in taken if one.rule == "kicker"), kicker),
        subhead=find_subhead(passages, title, taken),
        byline=byline,
        authors=authors,
        dateline=find_dateline(passages[0].text) if passages else None,
        removed=_removed(source, taken),
    )
    return _Found(story, passages, taken)
