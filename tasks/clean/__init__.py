"""The clean stage: from a submission to the article's text, with everything removed on record."""

from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._quality import judge
from tasks.clean._rules import Rule, Rules, Tail
from tasks.clean._source_lines import SOURCE_LINES, countable_lines, line_digest
from tasks.clean._story import Story, find_story
from tasks.clean.stage import CleanStage

__all__ = [
    "LEFTOVERS",
    "SOURCE_LINES",
    "CleanStage",
    "Rule",
    "Rules",
    "Story",
    "Tail",
    "countable_lines",
    "find_story",
    "judge",
    "line_digest",
]
