"""How an ordered list of rules is applied to passages.

The list is applied again until nothing more is taken: what stands at the end of the text only after a first removal is
judged by the same conditions, and applying the list to its own result changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tasks.clean._memory import remembering
from tasks.clean._passages import Passage, cut
from tasks.clean._rules import Looks, Rule, Rules, Tail
from tasks.clean._views import View

_MAX_ROUNDS = 50
"""Each round takes at least one passage; real pages need two or three rounds."""
_NEVER = r"(?!)"
_LISTS = 256
"""Lists of rules whose test is kept: the shipped one, and one more for each source that repeats lines."""
_LINES_KNOWN = 1_024
_SHORT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """A passage that was taken out, and the rule that took it."""

    rule: str
    passage: Passage


def _cut_tails(source: str, rule: Tail, passages: Sequence[Passage]) -> tuple[list[Passage], list[Taken]]:
    kept: list[Passage] = []
    taken: list[Taken] = []
    for passage in passages:
        at = rule.begins(passage.text)
        halves = cut(source, passage, at) if at is not None else None
        if halves is None:
            kept.append(passage)
        else:
            kept.append(halves[0])
            taken.append(Taken(rule.name, halves[1]))
    return kept, taken


def _take(rule: Rule, view: View) -> tuple[Sequence[Passage], list[Taken]]:
    chosen = set(rule.takes(view))
    if not chosen:
        return view.passages, []
    kept = [passage for index, passage in enumerate(view.passages) if index not in chosen]
    return kept, [Taken(rule.name, view.passages[index]) for index in sorted(chosen)]


def suspect_test(rules: Rules) -> Callable[[str], bool]:
    """A test whether any of the rules may take a line: one look at it in place of one for each rule.

    Nineteen lines in twenty of an article are no suspects.
    """
    return _suspect_test(tuple(rule.looks for rule in rules if isinstance(rule, Rule) and rule.looks))


@lru_cache(maxsize=_LISTS)
def _suspect_test(known: tuple[Looks, ...]) -> Callable[[str], bool]:
    short, long = (
        _union(
            pattern
            for looks in known
            if not looks.shouted and (looks.max_chars <= _SHORT_CHARS) is is_short
            for pattern in looks.patterns
        )
        for is_short in (True, False)
    )
    shouted = _union(pattern for looks in known if looks.shouted for pattern in looks.patterns)
    cues = [cue for looks in known for cue in looks.cues]
    tests = list(dict.fromkeys(looks.test for looks in known if looks.test))
    max_chars = max((looks.max_chars for looks in known), default=0)

    def is_suspect(text: str) -> bool:
        if len(text) > max_chars:
            return False
        low = text.lower()
        if len(text) <= _SHORT_CHARS and short.fullmatch(low):
            return True
        for cue in cues:
            if cue in low:
                return True
        if (long.fullmatch(low) or shouted.fullmatch(text)) is not None:
            return True
        return any(test(text) for test in tests)

    return remembering(is_suspect, _LINES_KNOWN)


def _union(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or _NEVER)


def _round(source: str, passages: Sequence[Passage], rules: Rules) -> tuple[Sequence[Passage], list[Taken]]:
    """Apply each rule once, in order."""
    is_suspect = suspect_test(rules)
    view = View.of(passages, is_suspect)
    all_taken: list[Taken] = []
    for rule in rules:
        if isinstance(rule, Rule) and rule.looks and not view.suspects:
            continue
        kept: Sequence[Passage]
        kept, taken = _cut_tails(source, rule, view.passages) if isinstance(rule, Tail) else _take(rule, view)
        if taken:
            view = View.of(kept, is_suspect)
            all_taken += taken
    return view.passages, all_taken


def apply(source: str, passages: Sequence[Passage], rules: Rules) -> tuple[list[Passage], list[Taken]]:
    """Apply the rules in their order, again and again until none takes anything.

    Args:
        source: The text that the passages' spans point into.
        passages: What is to be judged.
        rules: The ordered list.

    Returns:
        The passages that are left, and what was taken in the order of taking.
    """
    left: Sequence[Passage] = passages
    all_taken: list[Taken] = []
    for _ in range(_MAX_ROUNDS):
        left, taken = _round(source, left, rules)
        if not taken:
            break
        all_taken += taken
    return list(left), all_taken
