"""The clean stage on pages made to hang, crash or fill its parsers: ``python -m benchmarks.hostile_pages``.

Each page is cleaned in a process of its own, as a worker would, and what it used is counted with its children's.
A page is all right when the process lives, answers in 2 s of CPU, and neither it nor its child holds 400 MB.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic import ValidationError

from benchmarks.evaluation import data_folder
from schemas import Submission
from tasks.clean._guarded import clean_guarded

MAKER = data_folder("").parent / "tools" / "make_hostile.py"
MAX_CHARS = 5_000_000
"""What the API accepts; larger files are cut to it."""
MAX_CPU_S = 2.0
MAX_KIB = 400 * 1_024


def pages() -> dict[str, str]:
    """The hostile files as a scraper would send them: decoded, without NUL, not longer than is accepted."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, str(MAKER.resolve())], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return {
            path.name: path.read_bytes()[:MAX_CHARS].decode("utf-8", "replace").replace("\0", "")
            for path in sorted(Path(folder, "hostile").iterdir())
        }


def used() -> tuple[float, int]:
    """CPU seconds and peak KiB of this process and its children that ended."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts), max(part.ru_maxrss for part in parts)


def clean_one(name: str, html: str) -> bool:
    """Clean a page in this process, print what it took, and say whether that is allowed."""
    try:
        submission = Submission(html=html)
    except ValidationError:
        print(f"{name:<32}refused by the API")
        return True
    before, began = used()[0], time.monotonic()
    result = clean_guarded(submission)
    wall, (cpu, kib) = time.monotonic() - began, used()
    cpu -= before
    degraded = "degraded" if result.quality.degraded else ""
    print(
        f"{name:<32}{cpu:>6.2f} s CPU {wall:>6.2f} s {kib / 1_024:>5.0f} MB {result.quality.words:>7} words {degraded}"
    )
    return cpu <= MAX_CPU_S and kib <= MAX_KIB


def in_child(name: str, html: str) -> bool:
    """Clean a page in a process of its own; whether it lived and stayed within the limits."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if clean_one(name, html) else 1
            sys.stdout.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def hostile_figures() -> dict[str, float]:
    """Clean all of them: how many there are, and how many of them were all right."""
    clean_guarded(Submission(text="Loads the language model, as a worker does before its first article."))
    answers = [in_child(name, html) for name, html in pages().items()]
    return {"hostile": len(answers), "hostile_ok": sum(answers)}


if __name__ == "__main__":
    figures = hostile_figures()
    print(figures)
    sys.exit(figures["hostile"] != figures["hostile_ok"])
