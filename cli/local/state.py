"""The state directory: what ``dateline up`` leaves for the other commands, its logs, and its lock."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cli.errors import Trouble

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class LocalInstance:
    """Where the parts of a local Dateline listen, and the access key that was made for its owner."""

    pid: int
    api_url: str
    flower_url: str
    flower_login: str
    """Name and password, with a colon between."""
    redis_url: str
    broker_url: str
    api_key: str


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, replacing it in one step."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


@dataclass(frozen=True, slots=True)
class StateDir:
    """One directory, one Dateline."""

    path: Path

    @property
    def local(self) -> Path:
        """The file in which other commands find a local Dateline."""
        return self.path / "local.json"

    @property
    def redis(self) -> Path:
        """Where Redis keeps its files."""
        return self.path / "redis"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.path / "logs"

    def prepare(self) -> None:
        """Make the directories.

        Raises:
            Trouble: They cannot be made.
        """
        try:
            for folder in (self.path, self.redis, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"The state directory {self.path} cannot be made ({error.strerror}).",
                "Choose another one with DATELINE_STATE_DIR.",
            ) from error

    def read(self) -> LocalInstance | None:
        """What the last ``dateline up`` wrote, if it can be read."""
        try:
            known = json.loads(self.local.read_text("utf-8"))
            return LocalInstance(**{field.name: known[field.name] for field in fields(LocalInstance)})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, instance: LocalInstance) -> None:
        """Tell the other commands."""
        write_private(self.local, json.dumps(asdict(instance), indent=2) + "\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory alone. The kernel lets go when the process ends, however it ends.

        Raises:
            Trouble: Another process holds it.
        """
        with (self.path / "up.lock").open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                raise Trouble(
                    f"Dateline already runs in {self.path} (process {holder}).",
                    "Use that one, stop it with Ctrl-C where it runs, or choose another directory "
                    "with DATELINE_STATE_DIR.",
                ) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
