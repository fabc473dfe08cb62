import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLE
from rich.console import Console
from unit.cli.results import NOW, entity, place, record, result

from cli.demo.checks import EXACT, GOLDEN, GOLDEN_TITLE, NEAR, checks
from cli.demo.journey import Journey, watch
from cli.demo.presentation import results_table
from cli.demo.samples import read_samples
from cli.errors import Trouble
from schemas import (
    Article,
    Entities,
    Geotags,
    Label,
    Outcome,
    Relation,
    Result,
    StageName,
    StageStatus,
    State,
    Status,
    Submission,
)

SAMPLES = ROOT / "samples"


def status(stages: int) -> Status:
    return Status.model_validate(
        {"id": "a1", "revision": 1, "latest_revision": 1, "lane": "live", "trace_id": "t", "accepted_at": NOW}
        | {"state": State.LEASED, "attempts": 1, "stages": [record(stage) for stage in list(StageName)[:stages]]}
    )


def good() -> dict[str, Result]:
    return {
        GOLDEN: result("a0", title=GOLDEN_TITLE),
        EXACT[0]: result("a1"),
        EXACT[1]: result("a2", relation=Relation.EXACT, of="a1"),
        NEAR[0]: result("a3"),
        NEAR[1]: result("a4", relation=Relation.NEAR, of="a3"),
    }


def failed(results: Mapping[str, Result], *, submitted: int = 5, sound: bool = True) -> list[str]:
    return [check.name for check in checks(submitted, results, sound=sound) if not check.passed]


def test_every_sample_is_a_valid_submission() -> None:
    samples = read_samples(SAMPLES)
    assert len(samples) >= 9
    for sample in samples:
        Submission.model_validate_json(sample.line)


def test_the_golden_sample_is_the_one_of_the_tests() -> None:
    assert (SAMPLES / GOLDEN).read_bytes() == SAMPLE.read_bytes()


def test_the_samples_that_are_checked_exist() -> None:
    assert {GOLDEN, *EXACT, *NEAR} <= {sample.name for sample in read_samples(SAMPLES)}


def test_the_exact_copy_has_the_same_text_at_another_address() -> None:
    lines = {sample.name: json.loads(sample.line) for sample in read_samples(SAMPLES)}
    first, second = (lines[name] for name in EXACT)
    assert first["text"].strip() == f"{second['title']}\n\n{second['text']}".strip()
    assert second["url"]


def test_a_folder_without_samples_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no sample articles"):
        read_samples(tmp_path)


def test_good_results_pass_all_checks() -> None:
    assert failed(good()) == []


def test_which_of_two_copies_came_first_does_not_matter() -> None:
    swapped = good() | {EXACT[0]: result("a1", relation=Relation.EXACT, of="a2"), EXACT[1]: result("a2")}
    assert failed(swapped) == []


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ({GOLDEN: result("a0", title="Something else")}, "the golden sample's title"),
        ({EXACT[1]: result("a2")}, "the exact copy names its original"),
        ({EXACT[1]: result("a2", relation=Relation.NEAR, of="a1")}, "the exact copy names its original"),
        ({NEAR[1]: result("a4", relation=Relation.NEAR, of="a1")}, "the near copy names its original"),
        ({"new": result("a9", outcome=Outcome.PARTIAL)}, "all 6 samples are done"),
    ],
)
def test_a_wrong_result_fails_its_check(wrong: dict[str, Result], check: str) -> None:
    results = good() | wrong
    assert failed(results, submitted=len(results)) == [check]


def test_two_copies_that_each_name_the_other_have_no_original() -> None:
    both = good() | {EXACT[0]: result("a1", relation=Relation.EXACT, of="a2")}
    assert failed(both) == ["the exact copy names its original"]


def test_an_unsound_ledger_fails_the_demo() -> None:
    assert failed(good(), sound=False) == ["nothing lost, nothing doubled (verify)"]


class Way:
    """An article that is one stage further each time it is asked for."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self, _: str) -> Article:
        self.looks += 1
        return status(self.looks - 1) if self.looks <= len(StageName) else result()


def test_a_journey_tells_each_stage_once_and_then_the_outcome() -> None:
    journey, way = Journey({"a.txt": "a1"}), Way()
    news: list[Any] = []
    while not journey.complete:
        news += journey.look(way)
    stages = [item.stage for _, item in news if not isinstance(item, Result)]
    assert stages == list(StageName)
    assert isinstance(news[-1][1], Result)
    asked = way.looks
    journey.look(way)
    assert way.looks == asked, "an article with an outcome is not asked for again"


def test_where_nobody_watches_there_is_one_line_for_each_change(capsys: pytest.CaptureFixture[str]) -> None:
    watch(Journey({"a.txt": "a1"}), Way(), lambda: None, Console(width=100))
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(StageName) + 1
    assert told[0].strip() == "a.txt: clean ✓ 12 ms"
    assert told[-1].strip() == "a.txt: done"


def test_on_a_terminal_the_table_shows_where_each_article_is() -> None:
    journey = Journey({"a.txt": "a1", "b.txt": "b1"})
    journey.articles = {"a.txt": status(2)}
    console = Console(width=120)
    with console.capture() as captured:
        console.print(journey.table())
    head, first, second = captured.get().splitlines()
    assert head.split() == ["article", "clean", "entities", "geotag", "dedupe", "outcome"]
    assert first.count("✓ 12 ms") == 2
    assert second.split() == ["b.txt"]


def shown(results: dict[str, Result]) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(results_table(results))
    return captured.get()


def test_the_results_tell_who_where_about_and_copy_of_what() -> None:
    told = shown({"one.txt": result("a1"), "two.txt": result("a2", relation=Relation.NEAR, of="a1")})
    for expected in ("A title", "Ada Lima", "UNESCO", "Lima, PE", "12.04 S 77.03 W", "Peru 80%", "original", "near"):
        assert expected in told
    assert told.count("one.txt") == 2, "once as itself, once as the original of the other"


def test_an_article_too_short_to_compare_is_not_called_an_original() -> None:
    assert "too short" in shown({"a.txt": result("a1", relation=Relation.LOW_INFORMATION, of="a1")})


def test_what_a_stage_skipped_is_not_shown_as_nothing_found() -> None:
    stages = (
        record(StageName.CLEAN),
        record(StageName.ENTITIES, StageStatus.SKIPPED, "language"),
        record(StageName.GEOTAG, StageStatus.UNAVAILABLE),
        record(StageName.DEDUPE),
    )
    told = shown({"a.txt": result(entities=None, geotags=None, stages=stages)})
    assert "skipped: language" in told
    assert "unavailable" in told


def test_on_a_terminal_the_table_is_drawn_again_with_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    console = Console(width=120, force_terminal=True, file=io.StringIO())
    watch(Journey({"a.txt": "a1"}), Way(), lambda: None, console)
    assert isinstance(console.file, io.StringIO)
    drawn = console.file.getvalue()
    assert drawn.count("a.txt") >= len(StageName)
    assert "done" in drawn


def test_long_lists_are_cut_with_the_number_of_the_rest() -> None:
    people = tuple(entity(Label.PERSON, f"Person {number}") for number in range(9))
    places = tuple(place(f"Town {number}") for number in range(9))
    crowded = result(entities=Entities(entities=people), geotags=Geotags(places=places))
    told = shown({"a.txt": crowded})
    assert "+3" in told
    assert "and 4 more" in told


def test_an_article_without_duplicates_says_why() -> None:
    stages = (record(StageName.DEDUPE, StageStatus.FAILED, "store"),)
    told = shown({"a.txt": result(duplicates=None, entities=Entities(), stages=stages)})
    assert "failed:" in told
    assert "none found" in told
