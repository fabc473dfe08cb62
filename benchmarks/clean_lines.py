"""The rules for leftovers on lines that extractors emitted, with their line breaks and without them.

A line counts as taken when the stage removed it from the text of its page, given without a title. The labels come from
the 4-gram cover of the gold, and call leftovers that annotators kept article text: `CORRECTED` holds those that were
read, by hash, without their text. They were read by the author of the rules, who is no impartial judge: figures with
the given labels stand beside them.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.page_scores import Score, pooled_f1, score
from tasks.clean import Story, find_story

Row = dict[str, Any]
CORRECTED = Path(__file__).parent / "clean_labels.json"
RAW = "resiliparse"
"""The extractor whose output is most like what scrapers send as text."""
UNJUDGED = "repeated"
"""Its labels cannot tell a copy from the original: both are "article"."""


def line_hash(page: str, line: str) -> str:
    """Sixteen hexadecimal digits that stand for a line of a page."""
    return hashlib.blake2b(f"{page}\n{line}".encode(), digest_size=8).hexdigest()


def documents(rows: Iterable[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """The lines of each page and extractor together."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["page"], row["extractor"]].append(row)
    for (page, extractor), lines in found.items():
        yield page, extractor, lines


def taken(lines: list[Row], story: Story) -> Iterator[tuple[Row, str | None]]:
    """Each line with the rule that took it."""
    at = 0
    for row in lines:
        text = row["line"]
        start, end = at + len(text) - len(text.lstrip()), at + len(text.rstrip())
        at += len(text) + 2
        rule = next((one.rule for one in story.removed if one.start <= start < end <= one.end), None)
        yield row, rule


Counts = dict[str, Counter[str]]


def _count(rows: Iterable[Row], corrected: Mapping[str, str]) -> tuple[Counts, Counts]:
    by_rule: Counts = defaultdict(Counter)
    by_extractor: Counts = defaultdict(Counter)
    for page, extractor, lines in documents(rows):
        counts = by_extractor[extractor]
        for row, rule in taken(lines, find_story("\n\n".join(row["line"] for row in lines))):
            label, words = row["label"], len(row["line"].split())
            counts[label] += 1
            counts["words"] += words if label == "article" else 0
            if rule is None or rule == UNJUDGED:
                continue
            really = corrected.get(line_hash(page, row["line"]), label)
            by_rule[rule][label] += 1
            by_rule[rule]["corrected"] += really in ("not_in_body", "title")
            counts[f"took {label}"] += 1
            counts["right"] += really in ("not_in_body", "title")
            counts["lost"] += words if label == "article" else 0
            counts["really lost"] += words if really == "article" else 0
    return by_rule, by_extractor


def _print_rules(by_rule: Mapping[str, Counter[str]], leftovers: int) -> None:
    print(f"\n{'rule':<20}{'lines':>7}{'precision':>11}{'corrected':>11}{'of leftovers':>14}")
    for name, counts in by_rule.items():
        total = sum(count for label, count in counts.items() if label != "corrected")
        right = (counts["not_in_body"] + counts["title"]) / total
        share = counts["not_in_body"] / leftovers
        print(f"{name:<20}{total:>7}{right:>11.3f}{counts['corrected'] / total:>11.3f}{share:>14.4f}")


def rule_figures(rows: Iterable[Row]) -> dict[str, float]:
    """Print precision and recall of the rules; return the figures of the raw text."""
    corrected = json.loads(CORRECTED.read_text("utf-8"))["labels"]
    by_rule, by_extractor = _count(rows, corrected)
    _print_rules(by_rule, sum(counts["not_in_body"] for counts in by_extractor.values()))
    print(f"\n{'extractor':<14}{'recall':>8}{'precision':>11}{'corrected':>11}{'words lost':>12}{'corrected':>11}")
    figures: dict[str, float] = {}
    for name, counts in by_extractor.items():
        took = sum(count for label, count in counts.items() if label.startswith("took "))
        line = {
            "lines_recall": counts["took not_in_body"] / counts["not_in_body"],
            "lines_precision_given": (counts["took not_in_body"] + counts["took title"]) / max(1, took),
            "lines_precision": counts["right"] / max(1, took),
            "article_words_lost_given": counts["lost"] / counts["words"],
            "article_words_lost": counts["really lost"] / counts["words"],
        }
        recall, given, precision, lost, really = line.values()
        print(f"{name:<14}{recall:>8.3f}{given:>11.3f}{precision:>11.3f}{lost:>12.3%}{really:>11.3%}")
        figures = line if name == RAW else figures
    return figures


def joined_figures(rows: Iterable[Row], golds: Mapping[str, str]) -> dict[str, float]:
    """What cleaning gains on raw text whose line breaks are lost, as a share of what it gains with them."""
    scores: dict[str, list[Score]] = defaultdict(list)
    for page, extractor, lines in documents(rows):
        if extractor != RAW or page not in golds:
            continue
        gold, texts = golds[page], [" ".join(row["line"].split()) for row in lines]
        scores["raw"].append(score(gold, "\n\n".join(texts)))
        scores["lines"].append(score(gold, find_story("\n\n".join(texts)).text))
        scores["joined"].append(score(gold, find_story(" ".join(texts)).text))
    raw, with_breaks, joined = (pooled_f1(scores[name]) for name in ("raw", "lines", "joined"))
    right = {name: sum(page[0] for page in pages) for name, pages in scores.items()}
    lost = 1 - right["joined"] / right["raw"]
    print(
        f"\nraw text F1 {raw:.4f}, cleaned {with_breaks:.4f}; without line breaks {joined:.4f}, words lost {lost:.3%}"
    )
    return {
        "raw_text_f1": raw,
        "raw_text_cleaned_f1": with_breaks,
        "joined_text_f1": joined,
        "joined_gain_share": (joined - raw) / (with_breaks - raw),
        "joined_words_lost": lost,
    }


FIELDS = frozenset(["headline", "kicker", "byline"])
"""What is taken out of the text and kept as a field of its own."""


def clean_text_figures(golds: Iterable[Row]) -> dict[str, float]:
    """How many words of gold texts are lost when they are cleaned as submitted text, with their title.

    Annotators leave pleas, credits and links to other articles in; those that were read are corrected, as of lines.
    """
    corrected = json.loads(CORRECTED.read_text("utf-8"))["labels"]
    lost: Counter[str] = Counter()
    words = really = 0
    for row in golds:
        words += len(row["body"].split())
        for one in find_story(row["body"], row.get("title")).removed:
            if one.rule not in FIELDS:
                count = len(one.text.split())
                lost[one.rule] += count
                really += count if corrected.get(line_hash(row["id"], one.text), "article") == "article" else 0
    by_rule = ", ".join(f"{rule} {count}" for rule, count in lost.most_common())
    print(f"\nwords lost of {words} in gold texts: {lost.total()} as they are, {really} as corrected ({by_rule})")
    return {"clean_words_lost_given": lost.total() / words, "clean_words_lost": really / words}


def line_figures(rows: Iterable[Row], golds: Mapping[str, str]) -> dict[str, float]:
    """Both, from the labelled lines and the gold texts of their pages."""
    known = list(rows)
    return rule_figures(known) | joined_figures(known, golds)
