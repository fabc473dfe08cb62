"""The documents that people read."""

from typing import Final

from conftest import ROOT

_FOLDERS: Final = ("", "docs/", "docs/adr/", "tasks/*/", "training/*/", "clients/", "deploy/*/")
DOCUMENTS: Final = sorted(file for folder in _FOLDERS for file in ROOT.glob(f"{folder}*.md"))
