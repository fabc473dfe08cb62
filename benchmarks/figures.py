"""Writes ``docs/quality.md`` and ``docs/performance.md`` from the last reports: ``make figures``.

So no figure in the documentation was typed by hand.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import FOLDER

DOCS = Path("docs")


@dataclass(frozen=True)
class Section:
    """One report in a document: how it is headed, made and explained."""

    report: str
    title: str
    command: str
    note: str


QUALITY = (
    Section(
        "clean",
        "Clean",
        "make quality-clean",
        "Development halves of hand-annotated pages, beside trafilatura's default mode in the same run. `f1` is the "
        "4-gram F1 over all pages, `exact` the share of pages without a single difference. The rules and the choice "
        "between views were tuned on sh181, fundus_en, misinfo_en and `lines_news`; the other two sets were only "
        "scored.",
    ),
    Section(
        "gold_pages",
        "Clean and entities on pages of our own",
        "make quality-pages",
        "Pages written for Dateline as content systems make them, every field told before the stages saw them. The "
        "48 `read` ones are mended page by page, so they say that known faults stay away; no rule was mended by the "
        "ten `unread` ones. `text_exact`: the share of pages whose text has no fault; `passages_*`: passages lost "
        "and left over in all; `about`: the most salient name is one that the article is about.",
    ),
    Section(
        "entities",
        "Entities",
        "make quality-entities",
        "Exact spans of PERSON, ORG and LOC on corpora that the model was not trained on, for each profile; the model "
        "card says what was looked at during development. Pairs of mentions joined as aliases on Re-DocRED, from the "
        "names alone and with the text; the rules were chosen on the seen half. Dates and amounts in sentences of our "
        "own.",
    ),
    Section(
        "geotag",
        "Geotag",
        "make quality-geotag",
        "Gold spans of the development halves of LGL and TR-News. `a161` is the share of mentions with the right id or "
        "a place within 161 km, unresolved ones counted as wrong; `em` the share with exactly the right id. `memory`: "
        "knowing what the stage found in the host's articles of the other four of five folds; `listed_homes`: knowing "
        "the homes that the gazetteer lists, a list made for these outlets. `step`: the resolver given one kind of "
        "evidence after another. `raw`: both corpora as plain text through the recognizer that ships; of mentions that "
        "are no demonyms, and of what is emitted. Weights and curated names were chosen on these same halves and the "
        "failure cases: expect less elsewhere.",
    ),
    Section(
        "dedupe",
        "Dedupe",
        "make quality-dedupe",
        "Gold pairs of the development halves, streamed in date order, beside exact hashes of the normalised text, "
        "datasketch and rensa (MinHash LSH and Jaccard at .5). The weights were fitted on these same halves: the next "
        "section has what they reach on articles that they never saw. `called_recall` is the share of articles with an "
        "earlier copy that are called a copy; the others stand in its cluster, or say more than it. `edit_*` is the "
        "accepted share of controlled edits, `story_*_b3` the B-cubed F1 of stories, with the "
        "entities and places of the stages before.",
    ),
    Section(
        "dedupe_unseen",
        "Dedupe, unseen articles",
        "make train-dedupe",
        "The same, each article decided with weights that saw neither it nor a copy of it, nor on the web another "
        "article of its host: averages over four partitions in five folds, and the spread of F1 between partitions. "
        "`confidence_error` is how far `confidence` lies from the share of pairs that are copies, in ten bins. "
        "Evidence and thresholds were chosen looking at these figures.",
    ),
)
PERFORMANCE = (
    Section(
        "dedupe_bench",
        "Dedupe",
        "make bench-dedupe",
        "Sketches per CPU second beside datasketch and rensa; Redis bytes of an article among 10,000 of Reuters, and "
        "what its story adds; Redis time of check and commit in batches of 32 with so many articles indexed in one "
        "week, and what one text takes that a script makes without touching a key (`lua_ns_a_text`); 10,000 pairs of "
        "copies raced through eight processes, of which some are killed and started anew.",
    ),
    Section(
        "pipeline",
        "Pipeline",
        "make bench-pipeline",
        "600-word articles in bulk through API, queue and one worker process, and through the stages in one process. "
        "Rates are per CPU second over all processes; `queue_efficiency` is the ratio of the CPU time of both ways. "
        "`live_ms` runs from the POST to the outcome of a single article on the idle system. `figures_us` is what "
        "counting for metrics costs: the ledger's scripts with it and without, in turn, and the worker's part.",
    ),
    Section(
        "tracing",
        "Traces",
        "make bench-tracing",
        "CPU time of everything but the stages and the collector, in bulk, on four systems in turn: tracing off, one "
        "article of a hundred, every article, and every article with a collector that takes connections and never "
        "answers. `off_us_per_article` is what the code for spans takes in four stages while tracing is off.",
    ),
    Section(
        "entities_speed",
        "Entities",
        "make bench-entities",
        "24 articles of about 600 words through the whole stage, in a process of its own for each recognizer; CPU "
        "time, medians of three rounds.",
    ),
    Section(
        "geotag_speed",
        "Geotag",
        "make bench-geotag",
        "The development halves of LGL and TR-News with their gold spans through the whole stage, CPU time, medians of "
        "five passes; look-ups of all their names. Opening and memory in a process of its own. Pages of 50 among "
        "10,000 articles in a real redis-server, in a circle of 100 km and 1,000 km, by country, and both.",
    ),
    Section(
        "submit",
        "Submitting",
        "make bench-submit",
        "600-word articles into one API process, single requests and batches of 500 in turn; CPU time of the API, and "
        "Redis' own. A bomb is 200 MB in 200 kB of gzip: the worst of a long article, a long line and blank lines. A "
        "hollow batch is 10,000 lines that are each refused.",
    ),
    Section(
        "sinks",
        "Archive",
        "make bench-sinks",
        "Results of 600-word articles from a real Redis into files and into a real PostgreSQL that forces commits to "
        "disk, one process; `cpu_ms` of that process for each result, `server_cpu_ms` of PostgreSQL. `read`: with no "
        "sink behind. `one_by_one_json`: an insert for each result as JSON, with no tables of names and places and no "
        "indexes.",
    ),
    Section(
        "overload",
        "Overload",
        "make bench-overload",
        "`live_ms`: from the POST to the outcome, idle and while 100,000 bulk articles wait, with a worker of its own "
        "for the live lane. `full`: Redis reaches its memory limit in the middle of the work and gets room again. "
        "`closed`: what `Retry-After` said when the bulk lane was closed, and when it opened.",
    ),
    Section(
        "fuzz",
        "Fuzz",
        "make fuzz",
        "Requests that Schemathesis made from the API's document, and pages that Hypothesis made to break parsers and "
        "patterns. A page is an error when the stage fails on it or needs more than 10 s of CPU.",
    ),
    Section(
        "chaos",
        "Chaos",
        "make chaos",
        "The same script of faults (kill -9 of children, workers, API and Redis, stopped and frozen workers, cut "
        "connections, broker flushes, clocks stepped by an hour) against Dateline and against plain Celery chains with "
        "late acknowledgement (`control_*`). Scrapers push through the API, a reader follows the feed. In three runs "
        "clean and dedupe are real and the other stages brief, in one of 800 articles all are real. `poison_*`: "
        "20 articles that kill their worker among 2,000. `miscounted`: by how much figures differ from the ledger.",
    ),
    Section(
        "durability",
        "Durability",
        "make bench-durability",
        "Submissions by four threads straight into the store, with four power cuts: Redis is killed and its "
        "append-only file cut off where it was forced to disk. `window_s_max` is the age of the oldest acknowledged "
        "submission that was lost.",
    ),
    Section(
        "verify",
        "Verification",
        "make bench-verify",
        "`dateline verify` on a ledger filled through its own operations, then with damage of six kinds done by hand.",
    ),
)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 or value == int(value) else f"{value:.4g}"  # noqa: PLR2004


def _rows(report: dict[str, Any]) -> list[str]:
    gates = report["gates"]
    rows = ["| metric | value | gate |", "| --- | --- | --- |"]
    for name, value in report["metrics"].items():
        gate = ", ".join(f"{kind} {bound:g}" for kind, bound in gates.get(name, {}).items())
        rows.append(f"| `{name}` | {_shown(value)} | {gate} |")
    return rows


def document(title: str, sections: tuple[Section, ...]) -> str:
    """One document. A report that was not made here is said to be missing."""
    lines = [f"# {title}", "", "Written by `make figures` from the last full runs; every table names its command.", ""]
    for section in sections:
        lines += [f"## {section.title}", "", f"`{section.command}`. {section.note}", ""]
        file = FOLDER / f"{section.report}.json"
        if file.exists():
            report = json.loads(file.read_text())
            machine = report.get("machine", {})
            lines += [f"Machine: {machine.get('cores')} cores, Python {machine.get('python')}.", "", *_rows(report), ""]
        else:
            lines += ["Not run.", ""]
    return "\n".join(lines)


def main() -> int:
    """Write both documents."""
    (DOCS / "quality.md").write_text(document("Quality", QUALITY))
    (DOCS / "performance.md").write_text(document("Performance", PERFORMANCE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
