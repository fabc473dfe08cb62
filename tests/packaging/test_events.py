"""Events in logs are static names of one form, so that they can be searched for and counted: `thing.what_happened`."""

import ast
import re
from collections.abc import Iterator

from conftest import ROOT

_FOLDERS = ("store", "tasks", "workers", "api", "cli")
_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
_EVENT = re.compile(r"[a-z]+\.[a-z_]+")


def _logged() -> Iterator[tuple[str, ast.expr]]:
    """Where something is logged, and the first argument."""
    for folder in _FOLDERS:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
                    owner = node.func.value
                    if isinstance(owner, ast.Name) and owner.id == "_log":
                        yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0]


def test_every_event_is_a_static_name_of_one_form() -> None:
    logged = dict(_logged())
    assert len(logged) > 30
    assert not {
        place: ast.unparse(event)
        for place, event in logged.items()
        if not (isinstance(event, ast.Constant) and _EVENT.fullmatch(str(event.value)))
    }
