"""The desk's files, read once: each with its type, its compressed form and its tag."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
PAGE: Final = "index.html"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    body: bytes
    media_type: str
    lasting: bool
    """Whether its name holds its version, so that it never changes under this name."""

    @cached_property
    def compressed(self) -> bytes:
        """The body in gzip, the same bytes every time."""
        return gzip.compress(self.body, 9, mtime=0)

    @cached_property
    def tag(self) -> str:
        """The entity tag of the body as it is; that of the compressed form ends with ``-gz``."""
        return hashlib.blake2b(self.body, digest_size=12).hexdigest()


def read_files(folder: Path = STATIC) -> dict[str, File]:
    """Read all files below a folder.

    Returns:
        The files by their path below the folder, with slashes.

    Raises:
        KeyError: A file has an ending that the desk does not serve.
    """
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {
        path.relative_to(folder).as_posix(): File(
            path.read_bytes(), _TYPES[path.suffix], lasting=path.parent.name == "vendor"
        )
        for path in found
    }
