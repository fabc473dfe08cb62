"""The clock that may be stepped, and the line up to which Redis' log is safe: see ``shim.c``."""

import mmap
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_BYTES = struct.calcsize("ll")


def find_compiler() -> str | None:
    """Where a C compiler is, if there is one."""
    return shutil.which("cc") or shutil.which("gcc")


@dataclass
class Shim:
    """A compiled shim and the numbers that its processes share with us."""

    library: Path
    shared: Path
    _map: mmap.mmap

    @classmethod
    def built(cls, folder: Path) -> "Shim | None":
        """Compile it; ``None`` on a machine without a C compiler, where clocks are then left alone."""
        compiler = find_compiler()
        if compiler is None:
            return None
        library, shared = folder / "shim.so", folder / "shared"
        command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return None
        shared.write_bytes(bytes(_BYTES))
        with shared.open("r+b") as file:
            return cls(library, shared, mmap.mmap(file.fileno(), _BYTES))

    @property
    def environment(self) -> dict[str, str]:
        """What a process has to be started with."""
        return {"LD_PRELOAD": str(self.library), "DATELINE_CHAOS_SHARED": str(self.shared)}

    def step_clock(self, seconds: int) -> None:
        """Set the wall clock of all processes so far off from the machine's."""
        self._map[:8] = struct.pack("l", seconds)

    def synced_bytes(self) -> int:
        """Bytes of Redis' append-only file that a power cut would leave."""
        return int(struct.unpack("l", self._map[8:16])[0])
