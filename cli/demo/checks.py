"""What has to hold after the demo: it proves itself instead of only looking well."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas import Outcome, Relation, Result

GOLDEN = "01-ukraine-aid.txt"
GOLDEN_TITLE = "US Announces New Security Assistance to Ukraine Amid Political Tensions"
EXACT = ("03-kenya-floods.txt", "07-kenya-floods-copy.json")
NEAR = ("02-lisbon-tram.html", "04-lisbon-tram-second-outlet.json")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold."""

    name: str
    passed: bool
    found: str


def checks(submitted: int, results: Mapping[str, Result], *, sound: bool) -> list[Check]:
    """Check the results of all samples that were submitted."""
    return [
        _all_done(submitted, results),
        *_golden(results),
        *_pair("exact copy", EXACT, results, frozenset({Relation.EXACT})),
        *_pair("near copy", NEAR, results, frozenset({Relation.NEAR, Relation.CONTAINED_IN, Relation.CONTAINS})),
        Check("nothing lost, nothing doubled (verify)", sound, "sound" if sound else "findings"),
    ]


def _all_done(submitted: int, results: Mapping[str, Result]) -> Check:
    outcomes = Counter(result.outcome for result in results.values())
    found = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "none"
    return Check(f"all {submitted} samples are done", outcomes[Outcome.DONE] == submitted, found)


def _golden(results: Mapping[str, Result]) -> Iterator[Check]:
    if (golden := results.get(GOLDEN)) is not None:
        title = (golden.clean.title if golden.clean else None) or "no title"
        yield Check("the golden sample's title", title == GOLDEN_TITLE, title)


def _pair(
    what: str, pair: tuple[str, str], results: Mapping[str, Result], relations: frozenset[Relation]
) -> Iterator[Check]:
    """Of two copies exactly one is the original, whichever came first, and the other one names it."""
    first, second = (results.get(name) for name in pair)
    if first is None or second is None:
        return
    related = [(a, b) for a, b in ((first, second), (second, first)) if _names(a, b, relations)]
    told = [result.duplicates.relation.value if result.duplicates else "unknown" for result in (first, second)]
    yield Check(f"the {what} names its original", len(related) == 1, f"{pair[0]} {told[0]}, {pair[1]} {told[1]}")


def _names(copy: Result, original: Result, relations: frozenset[Relation]) -> bool:
    found = copy.duplicates
    return found is not None and found.canonical_id == original.id and found.relation in relations
