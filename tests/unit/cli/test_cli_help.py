import json
import resource
import subprocess
import sys

import pytest
import typer
from conftest import ROOT

from cli.exits import Exit
from cli.main import app, run


def _leaves(command: object, path: tuple[str, ...] = ()) -> dict[str, object]:
    children = getattr(command, "commands", None)
    if children is None:
        return {" ".join(path): command}
    return {name: leaf for key, child in children.items() for name, leaf in _leaves(child, (*path, key)).items()}


COMMANDS = _leaves(typer.main.get_command(app))


def test_help_takes_less_than_300_ms_of_cpu() -> None:
    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    spent = []
    for _ in range(3):
        before = cpu()
        subprocess.run([sys.executable, "-m", "cli", "--help"], cwd=ROOT, capture_output=True, check=True)
        spent.append(cpu() - before)
    assert min(spent) < 0.3


def test_help_names_every_command_and_the_exit_codes() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in [
        "up",
        "demo",
        "submit",
        "show",
        "tail",
        "status",
        "quarantine",
        "reprocess",
        "audit",
        "verify",
        "keys",
        "webhooks",
        "export",
        "sink",
    ]:
        assert f"\n  {name} " in shown
    assert "3 the API or the store cannot be reached" in " ".join(shown.split())
    assert not [line for line in shown.splitlines() if line.endswith("...") and "Usage" not in line]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_json(name: str) -> None:
    options = [option for parameter in COMMANDS[name].params for option in parameter.opts]  # type: ignore[attr-defined]
    assert "--json" in options


def _end(monkeypatch: pytest.MonkeyPatch, *words: str, error: BaseException | None = None) -> int:
    monkeypatch.setattr(sys, "argv", ["dateline", *words])
    if error is not None:

        def fail(**_: object) -> None:
            raise error

        monkeypatch.setattr("cli.main.app", fail)
    with pytest.raises(SystemExit) as ended:
        run()
    return int(ended.value.code or 0)


def test_an_unknown_command_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _end(monkeypatch, "frobnicate") == Exit.USAGE


def test_an_unexpected_error_is_two_lines_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _end(monkeypatch, "status", error=RuntimeError("boom")) == Exit.FOUND
    told = capsys.readouterr().err
    assert "RuntimeError: boom" in told
    assert "--traceback" in told
    assert "Traceback" not in told
    assert len(told.splitlines()) == 2


def test_an_error_is_json_where_json_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _end(monkeypatch, "status", "--json", error=RuntimeError("boom"))
    assert json.loads(capsys.readouterr().err)["exit_code"] == Exit.FOUND


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TRACEBACK", "1")

    def fail(**_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("cli.main.app", fail)
    with pytest.raises(RuntimeError):
        run()


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _end(monkeypatch, "tail", error=KeyboardInterrupt()) == Exit.INTERRUPTED
