"""What is typed arrives where the work is done."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.exits import Exit
from cli.main import app
from cli.submit import Manner

Call = tuple[tuple[Any, ...], dict[str, Any]]


def calling(monkeypatch: pytest.MonkeyPatch, target: str, *words: str, returns: object = None) -> tuple[int, Call]:
    calls: list[Call] = []

    def work(*positional: Any, **named: Any) -> object:
        calls.append((positional, named))
        return returns

    monkeypatch.setattr(target, work)
    ended = CliRunner().invoke(app, list(words))
    assert calls, ended.output
    return ended.exit_code, calls[0]


@pytest.mark.parametrize(
    ("words", "target", "positional", "named"),
    [
        (
            "up --api-port 8001 --concurrency 3 --json",
            "cli.local.up.up",
            (),
            {"api_port": 8001, "flower_port": None, "concurrency": 3, "as_json": True},
        ),
        ("show a1 --text", "cli.show.show", ("a1",), {"text_only": True, "as_json": False}),
        (
            "tail --after 1-0 --once",
            "cli.tail.tail",
            (),
            {"after": "1-0", "from_start": False, "once": True, "as_json": False},
        ),
        ("status --json", "cli.status.report", (), {"as_json": True}),
        ("quarantine list --limit 3", "cli.quarantine.list_all", (3,), {"as_json": False}),
        ("quarantine show a1", "cli.quarantine.show", ("a1",), {"as_json": False}),
        ("keys create me", "cli.keys.create", ("me", ["submit", "read"], None), {"as_json": False}),
        ("keys create me -s operate", "cli.keys.create", ("me", ["operate"], None), {"as_json": False}),
        ("keys list", "cli.keys.list_all", (), {"as_json": False}),
        ("keys revoke k1", "cli.keys.revoke", ("k1",), {"as_json": False}),
    ],
)
def test_a_command_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, words: str, target: str, positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    assert calling(monkeypatch, target, *words.split()) == (0, (positional, named))


@pytest.mark.parametrize(
    ("words", "target", "positional", "named"),
    [
        ("submit a.txt -", "cli.submit.submit", (["a.txt", "-"], Manner()), {}),
        (
            "submit a.ndjson --follow --state s.json --format auto --wait 9 --json",
            "cli.submit.submit",
            (["a.ndjson"], Manner(9, as_json=True, written_in="auto", state=Path("s.json"), follow=True)),
            {},
        ),
        ("verify", "cli.verify.verify", (), {"mend": False, "as_json": False}),
        ("verify --repair", "cli.verify.verify", (), {"mend": True, "as_json": False}),
        ("withdraw a b", "cli.withdraw.withdraw", (["a", "b"],), {"as_json": False}),
        (
            "demo --keep --samples s --report r.json",
            "cli.demo.run_demo",
            (Path("s"), Path("r.json")),
            {"keep": True, "as_json": False},
        ),
        (
            "quarantine retry a b",
            "cli.quarantine.change",
            ("retry", ["a", "b"]),
            {"everything": False, "as_json": False},
        ),
        ("quarantine drop --all", "cli.quarantine.change", ("drop", []), {"everything": True, "as_json": False}),
    ],
)
def test_what_a_command_found_is_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, words: str, target: str, positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    assert calling(monkeypatch, target, *words.split(), returns=Exit.FOUND) == (1, (positional, named))


def test_the_traceback_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TRACEBACK", "")
    calling(monkeypatch, "cli.status.report", "--traceback", "status")
    import os

    assert os.environ["DATELINE_TRACEBACK"] == "1"


@pytest.mark.parametrize("words", ["submit", "show", "keys revoke", "up --concurrency 0", "tail --after"])
def test_what_is_incomplete_or_out_of_range_is_a_usage_error(words: str) -> None:
    assert CliRunner().invoke(app, words.split()).exit_code == Exit.USAGE
