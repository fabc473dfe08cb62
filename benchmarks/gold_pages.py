"""Pages written for Dateline with everything told that a reader should get: ``python -m benchmarks.gold_pages``.

``benchmarks/gold/pages`` holds pages as content systems make them, in 43 languages, with what the whole of clean and
entities should answer, written before any answer was looked at. 58 were read while rules were mended; three times ten
are only counted. All four parts are printed. They are few, clean and ours: `quality_clean` and
`quality_entities` measure on real pages and texts.

A page's file begins with ``field: value`` lines (lists are parted by semicolons), then ``===`` and the HTML. Within the
HTML, ⟦…⟧ marks a passage that belongs to the text, ⟨…⟩ one that may stand there or not; the marks are taken out.
"""

from __future__ import annotations

import html
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.report import Gates, Report
from schemas import CleanText, Entities, Label, Ref, Submission
from tasks.clean import CleanStage
from tasks.entities import EntitiesStage
from tasks.stage import StageInput

FOLDER = Path(__file__).parent / "gold" / "pages"
GATES: Gates = {
    "pages_read_text_exact": {"min": 0.82},
    "pages_read_passages_lost": {"max": 0},
    "pages_read_authors": {"min": 0.95},
    "pages_read_published": {"min": 0.95},
    "pages_read_names_f1": {"min": 0.92},
    "pages_unread_text_exact": {"min": 0.3},
    "pages_unread_passages_lost": {"max": 0},
    "pages_kept_back_text_exact": {"min": 0.4},
    "pages_kept_back_passages_lost": {"max": 0},
    "pages_last_text_exact": {"min": 0.7},
    "pages_last_passages_lost": {"max": 0},
    "pages_unread_authors": {"min": 0.5},
    "pages_unread_names_f1": {"min": 0.8},
}
"""Below what stands: ten pages swing with each one. The kept-back ones were read once, after their first figures were
written down (README of the stage); what they showed of joiners of Persian was mended then, and what the last ten
showed in version 8."""
_MARKED = re.compile(r"⟦(?P<kept>.*?)⟧|⟨(?P<either>.*?)⟩", re.DOTALL)
_WORD = re.compile(r"\w+")
_LABELS = {"persons": Label.PERSON, "orgs": Label.ORG, "places": Label.LOC}
_ACCEPTED = datetime(2026, 12, 31, tzinfo=UTC)
_UNREAD = range(49, 59)
_KEPT_BACK = range(69, 79)
"""Written by who wrote the rules, before those of version 7; nobody looked at their answers while these were made."""
_LAST = range(79, 89)
"""Written before the last mends of version 8 were looked at: languages and kinds of pages that the others lack."""
_COUNTED = {"unread": _UNREAD, "kept_back": _KEPT_BACK, "last": _LAST}
Name = tuple[Label, str]


@dataclass(frozen=True, slots=True)
class GoldPage:
    """A page, its address, and what a reader should be told of it."""

    name: str
    url: str
    html: str
    kept: tuple[str, ...]
    either: tuple[str, ...]
    told: dict[str, str]

    @property
    def part(self) -> str:
        """Whether rules were mended by looking at this page (``read``), or it was only counted, and since when."""
        number = int(self.name[:2])
        return next((part for part, numbers in _COUNTED.items() if number in numbers), "read")

    def listed(self, field: str) -> tuple[str, ...]:
        """The names of one field."""
        return tuple(part.strip() for part in self.told.get(field, "").split(";") if part.strip())


def plain(marked: str) -> str:
    """A passage without its markup, on one line."""
    if marked.startswith(("\\u", '"')) or "\\u" in marked:
        marked = marked.encode().decode("unicode_escape") if marked.isascii() else _unescaped(marked)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", marked)).split())


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def marked_page(name: str, page: str, told: dict[str, str], bare: Callable[[str], str] = str) -> GoldPage:
    """A page without its marks, and the passages within them.

    Args:
        name: Of the page.
        page: With marks.
        told: What a reader should be told of it.
        bare: Frees a passage of what is no part of its words.
    """
    marks = list(_MARKED.finditer(page))
    kept = tuple(plain(bare(mark["kept"])) for mark in marks if mark["kept"] is not None)
    either = tuple(plain(bare(mark["either"])) for mark in marks if mark["either"] is not None)
    unmarked = _MARKED.sub(lambda mark: mark["kept"] or mark["either"] or "", page)
    return GoldPage(name, told.get("url", ""), unmarked, kept, either, told)


def read_pages() -> Iterator[GoldPage]:
    """All pages, in order."""
    for path in sorted(FOLDER.glob("*.page")):
        head, _, page = path.read_text(encoding="utf-8").partition("\n===\n")
        told = {key: value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
        yield marked_page(path.stem, page, told)


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def text_faults(gold: GoldPage, text: str, subhead: str | None = None) -> list[str]:
    """Passages that are lost, and passages that should not be there. What is told as the subhead is not lost."""
    found = f"{_words(text)} / {_words(subhead or '')}"
    allowed = [_words(passage) for passage in (*gold.kept, *gold.either)]
    together = " ".join(allowed)
    faults = [f"lost: {passage}" for passage in gold.kept if _words(passage) not in found]
    for passage in text.split("\n\n"):
        words = _words(passage)
        if words.strip() and words not in together and words not in _words(" ".join((*gold.kept, *gold.either))):
            faults.append(f"left: {passage}")
    return faults


def _same_time(gold: str, found: datetime | None) -> bool:
    if not gold or found is None:
        return not gold and found is None
    if len(gold) == len("2026-01-01"):
        return found.date().isoformat() == gold
    return datetime.fromisoformat(gold) == found


def metadata_faults(gold: GoldPage, clean: CleanText) -> dict[str, str]:
    """Each field that differs, with what was found."""
    told, quality = gold.told, clean.quality
    flags = {name for name in ("boilerplate_only", "truncated", "listing", "degraded") if getattr(quality, name)}
    right = {
        "title": told["title"] == (clean.title or "") or "listing" in gold.listed("flags"),
        "authors": set(gold.listed("authors")) == set(clean.authors),
        "published": _same_time(told["published"], clean.published_at),
        "language": told["language"] == clean.language,
        "canonical": told.get("canonical", "") in ("", clean.canonical_url),
        "flags": set(gold.listed("flags")) == flags,
    }
    shown = {
        "title": clean.title,
        "authors": "; ".join(clean.authors),
        "published": clean.published_at,
        "language": clean.language,
        "canonical": clean.canonical_url,
        "flags": "; ".join(sorted(flags)),
    }
    return {field: str(shown[field]) for field, is_right in right.items() if not is_right}


def folded(name: str) -> str:
    """A name without case, article, and the form of its apostrophe."""
    return name.casefold().replace("’", "'").removeprefix("the ").strip(". ")


def gold_names(gold: GoldPage) -> set[Name]:
    """The persons, organisations and places that must be found."""
    return {(label, folded(name)) for field, label in _LABELS.items() for name in gold.listed(field)}


def found_names(found: Entities) -> list[Name]:
    """Those that were found, most salient first."""
    return [(one.label, folded(one.name)) for one in found.entities if one.label in _LABELS.values()]


@dataclass(frozen=True, slots=True)
class NameFaults:
    """How the names of an article differ: missed, too many, and how many were right."""

    right: int
    missed: tuple[Name, ...]
    extra: tuple[Name, ...]


def name_faults(gold: GoldPage, found: Entities) -> NameFaults:
    """Compare names and labels; what may be named in several ways counts neither way."""
    free = {folded(name) for name in gold.listed("either")}
    expected = {name for name in gold_names(gold) if name[1] not in free}
    got = {name for name in found_names(found) if name[1] not in free}
    return NameFaults(len(expected & got), tuple(sorted(expected - got)), tuple(sorted(got - expected)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the two stages make of a page."""

    clean: CleanText
    entities: Entities | None


def answer(gold: GoldPage, cleaner: CleanStage, namer: EntitiesStage) -> Answer:
    """Run clean and entities on one page, with nothing submitted but the address."""
    ref = Ref(gold.name, 1)
    submitted = StageInput(ref, _ACCEPTED, submission=Submission(html=gold.html, url=gold.url))
    clean = cleaner.run([submitted])[0]
    assert isinstance(clean, CleanText)
    names = namer.run([StageInput(ref, _ACCEPTED, clean=clean)])[0]
    return Answer(clean, names if isinstance(names, Entities) else None)


class Tally:
    """Counts over the pages of one part."""

    def __init__(self) -> None:
        self._hits: dict[str, list[float]] = defaultdict(list)
        self._names: list[NameFaults] = []

    def add(self, gold: GoldPage, found: Answer) -> None:
        """Count one page."""
        hits = self._hits
        if "listing" not in gold.listed("flags"):
            faults = text_faults(gold, found.clean.text, found.clean.subhead)
            hits["text_exact"].append(not faults)
            hits["passages_lost"].append(sum(fault.startswith("lost") for fault in faults))
            hits["passages_left"].append(sum(fault.startswith("left") for fault in faults))
        wrong = metadata_faults(gold, found.clean)
        for field in ("title", "authors", "published", "language", "canonical", "flags"):
            hits[field].append(field not in wrong)
        if found.entities is not None and gold_names(gold):
            self._add_names(gold, found.entities)

    def _add_names(self, gold: GoldPage, found: Entities) -> None:
        self._names.append(name_faults(gold, found))
        values = {entity.value for entity in found.entities}
        self._hits["values"] += [value in values for value in gold.listed("values")]
        if about := {folded(name) for name in gold.listed("about")}:
            first = next(iter(found_names(found)), None)
            self._hits["about"].append(first is not None and first[1] in about)

    def figures(self, part: str) -> dict[str, float]:
        """Shares of pages that are right, passages lost and left in all, precision and recall of names."""
        sums = ("passages_lost", "passages_left")
        counted = {name: hits for name, hits in self._hits.items() if hits}
        known = {name: sum(hits) if name in sums else sum(hits) / len(hits) for name, hits in counted.items()}
        right = sum(one.right for one in self._names)
        missed, extra = (sum(len(getattr(one, kind)) for one in self._names) for kind in ("missed", "extra"))
        if right:
            known |= {
                "names_precision": right / (right + extra),
                "names_recall": right / (right + missed),
                "names_f1": 2 * right / (2 * right + missed + extra),
            }
        return {f"pages_{part}_{name}": value for name, value in known.items()}


def measure() -> dict[str, float]:
    """The figures of the four parts."""
    cleaner, namer = CleanStage(), EntitiesStage()
    parts: defaultdict[str, Tally] = defaultdict(Tally)
    for gold in read_pages():
        parts[gold.part].add(gold, answer(gold, cleaner, namer))
    return {key: value for part, tally in parts.items() for key, value in tally.figures(part).items()}


def main() -> int:
    """Measure; the exit code says whether the gates are passed."""
    return Report("gold_pages", measure(), GATES).publish()


if __name__ == "__main__":
    sys.exit(main())
