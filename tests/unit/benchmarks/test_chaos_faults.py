from pathlib import Path

from benchmarks.chaos.faults import KINDS, read, save, script


def test_a_seed_always_gives_the_same_script_and_another_seed_another() -> None:
    assert script(1, 70, 4) == script(1, 70, 4)
    assert script(1, 70, 4) != script(2, 70, 4)


def test_a_script_holds_every_kind_of_fault() -> None:
    assert {fault.kind for fault in script(5, len(KINDS), 2)} == set(KINDS)


def test_a_script_that_was_written_down_is_played_again(tmp_path: Path) -> None:
    save(script(3, 20, 4), tmp_path / "deep" / "script.json")
    assert read(tmp_path / "deep" / "script.json") == script(3, 20, 4)
