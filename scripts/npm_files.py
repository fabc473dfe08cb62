"""Take single files out of npm packages, verified: what the desk ships, and what tests use.

    python scripts/npm_files.py desk     # api/desk/static/vendor/, committed; NOTICE names each file
    python scripts/npm_files.py tests    # .npm-files/, not committed

Needs npm, which knows where its registry is. A package whose archive has another hash than the one written here is
refused.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LICENCES = "licences.txt"


@dataclass(frozen=True)
class Package:
    """One release of a package, and the file that is taken out of it."""

    name: str
    version: str
    sha512: str
    """Of the archive, as npm's `dist.integrity` has it, without the prefix."""
    member: str
    target: str
    """Its name here; it holds the version, so that a reader's browser may keep the file for good."""


DESK = (
    Package(
        "world-atlas",
        "2.0.2",
        "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
        "countries-110m.json",
        "countries-110m-2.0.2.json",
    ),
    Package(
        "d3-array",
        "3.2.5",
        "Th8qGXoBalmWsstpkuhmBuTsBQIFqYOJtjlBvNVvBfJ8E3uYusBUwUR8HU20U0qKKQkgCvKyR1YjiozWadk5QA==",
        "dist/d3-array.min.js",
        "d3-array-3.2.5.min.js",
    ),
    Package(
        "d3-geo",
        "3.1.2",
        "5R8ZgDQorIxmauv7R6gpE/ndz+Z0qAZssigq0aXFdvPHdY41RqtW02jrRUQAL724NdPABYXo1+gQEGBBr7uKNg==",
        "dist/d3-geo.min.js",
        "d3-geo-3.1.2.min.js",
    ),
    Package(
        "topojson-client",
        "3.1.0",
        "605uxS6bcYxGXw9qi62XyrV6Q3xwbndjachmNxu8HWTtVPxZfEJN9fd/SZS1Q54Sn2y0TMyMxFj/cJINqGHrKw==",
        "dist/topojson-client.min.js",
        "topojson-client-3.1.0.min.js",
    ),
)
TESTS = (
    Package(
        "axe-core",
        "4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        "axe.min.js",
        "axe.min.js",
    ),
)
SETS = {"desk": (DESK, ROOT / "api/desk/static/vendor"), "tests": (TESTS, ROOT / ".npm-files")}


def archive(package: Package, folder: Path) -> Path:
    """Download a package's archive and verify it.

    Raises:
        SystemExit: npm is missing or fails, or the archive is another one.
    """
    command = ["npm", "pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603 - no input
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"{package.name} could not be had ({type(error).__name__}). Install npm, and look at its settings.")
    path = folder / done.stdout.split()[-1]
    found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != package.sha512:
        sys.exit(f"{package.name} {package.version} is not the archive that was reviewed; nothing was written.")
    return path


def take(package: Package, folder: Path) -> tuple[bytes, str]:
    """The file that is wanted of a package, and the package's licence."""
    with tarfile.open(archive(package, folder)) as opened:
        member = opened.extractfile(f"package/{package.member}")
        licence = opened.extractfile("package/LICENSE")
        if member is None or licence is None:
            sys.exit(f"{package.name} {package.version} lacks a file that is wanted.")
        return member.read(), licence.read().decode()


def main(wanted: str) -> None:
    """Write one set of files, and their licences beside them."""
    packages, target = SETS[wanted]
    with tempfile.TemporaryDirectory() as folder:
        taken = [(package, *take(package, Path(folder))) for package in packages]
    target.mkdir(parents=True, exist_ok=True)
    for package, body, _ in taken:
        (target / package.target).write_bytes(body)
    licences = (f"{package.name} {package.version}\n\n{licence.strip()}\n" for package, _, licence in taken)
    (target / LICENCES).write_text("\n\n".join(licences))


if __name__ == "__main__":
    if sys.argv[1:] not in ([name] for name in SETS):
        sys.exit(__doc__)
    main(sys.argv[1])
