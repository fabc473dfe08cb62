"""The clean stage: from a submission to the article's text, with everything removed on record."""

from tasks.clean._leftovers import LEFTOVERS
from tasks.clean._rules import Rule, Rules, Tail
from tasks.clean._story import Story, find_story
from tasks.clean.stage import CleanStage

__all__ = ["LEFTOVERS", "CleanStage", "Rule", "Rules", "Story", "Tail", "find_story"]
