"""Holds the locked packages against a file of known vulnerabilities: ``make audit OSV=all.zip``.

For machines that cannot ask an index, or whose index knows of no vulnerabilities: the file is OSV's export for PyPI
(``PyPI/all.zip`` in the bucket osv-vulnerabilities), brought over by whatever way is open. Every advisory in it lists
the versions that it is about.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

LOCKS = ("requirements.lock", "requirements-dev.lock")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_FOUND, _USAGE = 1, 2


class Advisory(NamedTuple):
    """A package of ours at a version that an advisory names."""

    name: str
    version: str
    advisory: str
    fixed: str


def _normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """The packages of a lock and their versions."""
    return {_normal(name): version for name, version in _PIN.findall(text)}


def _documents(archive: Path) -> Iterator[Mapping[str, Any]]:
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.endswith(".json"):
                yield json.loads(opened.read(name))


def advisories(documents: Iterable[Mapping[str, Any]], locked: Mapping[str, str]) -> Iterator[Advisory]:
    """What is known of the locked versions; withdrawn advisories are none."""
    for document in documents:
        if document.get("withdrawn"):
            continue
        for affected in document.get("affected", ()):
            name = _normal(affected.get("package", {}).get("name", ""))
            if locked.get(name) in affected.get("versions", ()):
                yield Advisory(name, locked[name], document["id"], _fixed(affected))


def _is_of_pypi(document: Mapping[str, Any]) -> bool:
    """Exports of other ecosystems, put here by mistake, would find nothing."""
    return any(affected.get("package", {}).get("ecosystem") == "PyPI" for affected in document.get("affected", ()))


def _fixed(affected: Mapping[str, Any]) -> str:
    events = (event for found in affected.get("ranges", ()) for event in found.get("events", ()))
    return ", ".join(event["fixed"] for event in events if "fixed" in event)


def main(arguments: list[str]) -> int:
    """Print what was found; 1 when there is something."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: audit_locks.py OSV.zip\n")
        return _USAGE
    locked = {name: version for lock in LOCKS for name, version in pins(Path(lock).read_text("utf-8")).items()}
    documents = [document for document in _documents(Path(arguments[0])) if _is_of_pypi(document)]
    if not documents:
        sys.stderr.write(f"{arguments[0]} holds no advisory on a package of PyPI: is it PyPI/all.zip?\n")
        return _USAGE
    found = sorted(set(advisories(documents, locked)))
    for advisory in found:
        step = f"fixed in {advisory.fixed}" if advisory.fixed else "no version is known to be fixed"
        sys.stdout.write(f"{advisory.name} {advisory.version}: {advisory.advisory}, {step}\n")
    newest = max(str(document.get("modified", ""))[:10] for document in documents)
    sys.stdout.write(
        f"{len(locked)} packages, {len(found)} known vulnerabilities ({len(documents):,} advisories up to {newest}).\n"
    )
    return _FOUND if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
