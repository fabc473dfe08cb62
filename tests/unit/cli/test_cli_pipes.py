"""What a command does when its output is not read to the end, in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from cli.exits import Exit

FULL = Path("/dev/full")
"""A disk without room, on Linux."""
CODE = "import sys; from cli.main import run; sys.argv[1:] = {words!r}; run()"
RICH = """
import sys
from cli import pipes
from cli.output import console
pipes.end_when_unread()
for number in range(10_000):
    console().print("[bold]a line[/]")
"""


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", CODE.format(words=list(words))]


def unread(*arguments: str) -> tuple[int, str]:
    """Run it with a standard output whose reader is gone; its exit code and what it said."""
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr:
        told = process.stderr.read()
    return process.wait(30), told


@pytest.mark.parametrize(
    "words", [("--help",), ("gazetteer", "lookup", "Paris"), ("gazetteer", "lookup", "Paris", "--json")]
)
def test_who_stops_reading_ends_it_without_a_word(words: tuple[str, ...]) -> None:
    assert unread(*command(*words)) == (Exit.UNREAD, "")


def test_so_do_many_coloured_lines() -> None:
    assert unread(sys.executable, "-c", RICH) == (Exit.UNREAD, "")


def test_a_full_disk_is_told_as_what_it_is() -> None:
    with FULL.open("w") as full:
        done = subprocess.run(command("--help"), cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == Exit.MACHINE
    assert "The output cannot be written (No space left on device)." in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_what_is_read_to_the_end_is_whole() -> None:
    done = subprocess.run(command("--version"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    assert done.stdout.strip()


def test_nothing_is_done_where_the_output_is_closed() -> None:
    code = f"import os; os.close(1); os.execv({sys.executable!r}, {command('keys', 'create', 'me')!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == Exit.MACHINE
    assert "The output cannot be written (it is closed)." in done.stderr


def test_closed_errors_harm_nobody() -> None:
    code = f"import os; os.close(2); os.execv({sys.executable!r}, {command('gazetteer', 'lookup', 'Paris')!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "Paris" in done.stdout) == (Exit.OK, True)
