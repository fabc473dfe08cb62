"""Labelled windows as flat arrays."""

from pathlib import Path

import numpy as np

from training.entities._windows import IGNORED, LabelledWindow, Windows, joined


def window(pieces: int, edition: int) -> LabelledWindow:
    targets = np.full(pieces, IGNORED)
    targets[0] = 3
    return LabelledWindow(np.arange(pieces) + 30_000, np.full(pieces, 9), targets, fold=1, edition=edition)


def test_windows_stand_one_behind_the_other() -> None:
    windows = joined([window(4, 0), window(2, 1)])
    assert len(windows) == 2
    assert windows.lengths.tolist() == [4, 2]
    assert windows.ids.tolist() == [30_000, 30_001, 30_002, 30_003, 30_000, 30_001]
    assert windows.targets.tolist() == [3, IGNORED, IGNORED, IGNORED, 3, IGNORED]
    assert windows.editions.tolist() == [0, 1]


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    windows = joined([window(3, 0)])
    windows.save(tmp_path / "windows.npz")
    read = Windows.load(tmp_path / "windows.npz")
    assert read.ids.tolist() == windows.ids.tolist()
    assert read.bounds.tolist() == [0, 3]
