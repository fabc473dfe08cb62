import os
import stat
from pathlib import Path

import pytest
from unit.cli.local_processes import INSTANCE

from cli.errors import Trouble
from cli.local.state import StateDir


def test_what_is_written_down_is_read_back_and_only_by_its_owner(state: StateDir) -> None:
    state.write(INSTANCE)
    assert state.read() == INSTANCE
    assert stat.S_IMODE(state.local.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pid": 1}'])
def test_what_cannot_be_read_is_as_if_it_were_not_there(state: StateDir, text: str) -> None:
    state.local.write_text(text)
    assert state.read() is None


def test_one_directory_has_one_holder(state: StateDir) -> None:
    with state.locked(), pytest.raises(Trouble, match=f"process {os.getpid()}"), state.locked():
        pass


def test_the_lock_goes_with_its_holder(state: StateDir) -> None:
    with state.locked():
        pass
    with state.locked():
        pass


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be made") as trouble:
        StateDir(tmp_path / "file" / "state").prepare()
    assert "DATELINE_STATE_DIR" in trouble.value.next_step
