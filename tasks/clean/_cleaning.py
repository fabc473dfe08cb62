"""The whole stage on one submission: read the page or take the text, find the story, choose the metadata."""

from collections.abc import Sequence
from dataclasses import replace

import schemas
from schemas import MAX_TEXT_CHARS, CleanText, Form, Submission
from tasks.clean._choices import assumed_zone, conflict, merge
from tasks.clean._elsewhere import by_author
from tasks.clean._language import SURE, among_relatives, identify
from tasks.clean._layout import text_key
from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._marks import as_page
from tasks.clean._page import Page
from tasks.clean._pages import Extractor, extract, read_page
from tasks.clean._prescan import Scan, is_binary
from tasks.clean._quality import judge
from tasks.clean._repair import repair
from tasks.clean._rules import Rules
from tasks.clean._source_lines import by_source
from tasks.clean._stamp import read_stamp
from tasks.clean._story import Story, find_story

_LEAD_CHARS = 4_000
"""Of a text, looked through for its lead."""


def _paragraphs(text: str) -> str:
    """The lines of an extracted text, which are blocks of the page, as paragraphs; empty items of lists are none."""
    return "\n\n".join(line for line in text.splitlines() if line.strip(" -"))


def _bounded(page: Page) -> tuple[str, bool]:
    """The page's text, not longer than a submitted text may be, and whether something was cut off."""
    text = _paragraphs(page.text)
    if len(text) <= MAX_TEXT_CHARS:
        return text, page.shortened
    return text[: text.rfind("\n", 0, MAX_TEXT_CHARS) + 1 or MAX_TEXT_CHARS], True


def _read(submission: Submission, extractor: Extractor, found: Scan | None) -> tuple[Form, Page]:
    """The page if it has text, else the submitted text: ``text`` is the fallback of ``html``."""
    page = Page("")
    if submission.html:
        page = read_page(submission.html, submission.url, extractor=extractor, found=found)
    if submission.text is None or page.text.strip():
        return Form.HTML, page
    text = "" if is_binary(submission.text) else submission.text
    return Form.TEXT, Page(text, replace(page.metadata, wall=None), degraded=text != submission.text)


def _language(submitted: str | None, story: Story, declared: str | None) -> tuple[str | None, list[schemas.Warning]]:
    found, confidence = identify(story.title, story.text)
    if not submitted:
        return among_relatives(found, declared), []
    declared = submitted.split("-")[0]
    contradicts = found is not None and found != declared and confidence >= SURE
    return declared, [conflict("language")] if contradicts else []


def _lost_lead(lead: str | None, text: str) -> str | None:
    """The lead below the headline, where the text begins without it: it is told as the subhead, and not lost."""
    return None if lead is None or text_key(lead) in text_key(text[: _LEAD_CHARS + len(lead)]) else lead


def _rules(authors: Sequence[str], frequent: frozenset[bytes]) -> Rules:
    """The rules for leftovers, and those that rest on who wrote the article and what its source repeats."""
    known = [by_author(authors)] if authors else []
    return (*LEFTOVERS, *known, *([by_source(frequent)] if frequent else []))


def clean(
    submission: Submission,
    *,
    extractor: Extractor = extract,
    found: Scan | None = None,
    frequent: frozenset[bytes] = frozenset(),
) -> CleanText:
    """Clean one article. An article without any text left is an answer (``boilerplate_only``), not an error.

    Args:
        submission: What the scraper sent.
        extractor: Reads a page that looks harmless; see `tasks.clean._pages`.
        found: What a scan of the page found, where one was done already.
        frequent: Digests of the lines that stand in several articles of the source.
    """
    submission = as_page(submission)
    form, page = _read(submission, extractor, found)
    metadata, warnings = merge(submission, page.metadata)
    source, shortened = (page.text, False) if form is Form.TEXT else _bounded(page)
    title = (metadata.title and repair(metadata.title)) or None
    rules = _rules(metadata.authors, frequent)
    known = page.metadata
    story = find_story(source, title, headlines=known.headlines, kicker=known.kicker, rules=rules)
    language, doubts = _language(submission.language, story, known.language)
    if shortened:
        message = "had more text than an article may have; the rest was dropped"
        doubts.append(schemas.Warning(field="html", code="shortened", message=message))
    if form is Form.TEXT and metadata.published_at is None:
        published, zone_assumed = read_stamp(story.removed)
        metadata = replace(metadata, published_at=published)
        doubts += [assumed_zone()] if zone_assumed else []
    return CleanText(
        title=story.title,
        text=story.text,
        language=language,
        form=form,
        kicker=story.kicker,
        subhead=known.subhead or story.subhead or _lost_lead(known.lead, story.text),
        byline=story.byline,
        dateline=story.dateline,
        authors=metadata.authors or story.authors,
        **metadata.undecided(),
        removed=story.removed,
        quality=judge(story.text, source, degraded=page.degraded, below=page.below, wall=known.wall),
        warnings=(*warnings, *doubts),
    )
