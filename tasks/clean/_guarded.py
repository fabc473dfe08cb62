"""The cleaner for input that nobody vouches for: in this process when it looks harmless, else in a limited child.

What the scan calls dangerous never meets a parser. What it calls doubtful is large or deep enough that a parser, or a
rule on its text, may need seconds: it is cleaned in a child, and if that does not come back, once more as plain text,
and if that does not come back either, it is passed on as it is. Each of these is shorter than the one before, and two
seconds of CPU are enough for all of them.
"""

from collections.abc import Iterator

import schemas
from schemas import CleanText, Form, Quality, Submission
from tasks.clean._choices import merge
from tasks.clean._cleaning import clean
from tasks.clean._isolation import Limits, run_limited
from tasks.clean._language import load
from tasks.clean._marks import as_page
from tasks.clean._page import Metadata, Page
from tasks.clean._pages import Extractor, extract
from tasks.clean._prescan import Scan, is_binary, scan
from tasks.clean._signs import load_tables
from tasks.clean._strip import strip_tags

_FULL = Limits(cpu_s=1.2, wall_s=6.0, memory_bytes=256 << 20)
"""The slowest of 842 real pages took 0.4 s of CPU, and the hungriest 60 MB."""
_PLAIN = Limits(cpu_s=0.5, wall_s=3.0, memory_bytes=128 << 20)
_DOUBTFUL_TEXT_CHARS = 200_000
"""No rule needs more than 0.25 s for this much, whatever it says."""
_BARE_CHARS = 100_000


def _refuse(_html: str, _url: str | None) -> Page:
    """An extractor that leaves every page to the tag stripper."""
    raise ValueError("this page is read without a parser")


def _is_doubtful(submission: Submission, found: Scan | None) -> bool:
    if submission.text is not None and len(submission.text) > _DOUBTFUL_TEXT_CHARS:
        return True
    return found is not None and found.is_doubtful


def _tries(submission: Submission, extractor: Extractor) -> Iterator[tuple[Extractor, Limits]]:
    yield extractor, _FULL
    if submission.html:
        yield _refuse, _PLAIN


def _bare(submission: Submission) -> CleanText:
    """The text as it is, a piece of bounded length, without any rule or repair: nothing in it can take long."""
    form = Form.HTML if submission.html else Form.TEXT
    source = strip_tags(submission.html, max_chars=_BARE_CHARS)[0] if submission.html else submission.text or ""
    piece = "" if is_binary(source) else source[:_BARE_CHARS]
    text = "\n\n".join(line for line in map(str.strip, piece.splitlines()) if line)
    message = "was too costly to clean; its beginning was taken as it is"
    metadata, warnings = merge(submission, Metadata())
    return CleanText(
        title=metadata.title,
        text=text,
        language=submission.language and submission.language.split("-")[0],
        form=form,
        authors=metadata.authors,
        **metadata.undecided(),
        quality=Quality(words=len(text.split()), degraded=True, boilerplate_only=not text),
        warnings=(*warnings, schemas.Warning(field=form.value, code="shortened", message=message)),
    )


def clean_guarded(
    submission: Submission, *, extractor: Extractor = extract, frequent: frozenset[bytes] = frozenset()
) -> CleanText:
    """Clean one article within bounds of time and memory, whatever it holds. A harmless one pays only for the scan."""
    submission = as_page(submission)
    found = scan(submission.html) if submission.html else None
    if not _is_doubtful(submission, found):
        return clean(submission, extractor=extractor, found=found, frequent=frequent)

    load()
    load_tables()
    for reader, limits in _tries(submission, extractor):

        def work(reader: Extractor = reader) -> bytes:  # pragma: no cover - in the child
            return clean(submission, extractor=reader, found=found, frequent=frequent).model_dump_json().encode()

        answer = run_limited(work, limits)
        if answer is not None:
            return CleanText.model_validate_json(answer)
    return _bare(submission)
