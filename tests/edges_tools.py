"""Programs from outside for the tests marked `edges`: found, or the way to get them is said."""

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT


def tool(name: str, package: str) -> str:
    """Where a program is: in `.venv-edges`, else on PATH.

    Args:
        name: The program.
        package: What to install, as a sentence's object: "Debian's buildah".
    """
    own = ROOT / ".venv-edges" / "bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: install {package}, then run make test-edges again", pytrace=False)
    return found


def run(*command: str | Path, seconds: float = 120, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in the root of the clone."""
    environment = settings or None
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
