"""What a worker measures of itself: in its main process, which lives as long as the worker does.

Its child processes come and go, and what they would count would go with them. So durations of batches are taken where
the main process hears of their end, the articles in them are counted in the store, and what children have loaded is
told through a page of shared memory.
"""

import json
import mmap
import struct
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from celery import Celery
from celery.worker import state
from prometheus_client.core import Metric as Family

from schemas import StageName, Unavailable
from schemas.base import Model
from tasks.request import QuietRequest
from tasks.stage import Stage
from workers.metrics.instruments import Families, Instruments

_RESULTS: Final = {"task-succeeded": "passed", "task-failed": "failed"}


class Loaded:
    """Versions that the child processes run, in memory that they share with the main process.

    Made before the fork. Children of one worker load the same, so that the last one to write is right.
    """

    _BYTES: Final = 65_536
    _LENGTH: Final = struct.Struct("<I")

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, self._BYTES)

    def tell(self, stages: Mapping[StageName, Stage[Model]]) -> None:
        """Write down what this process has loaded; call it when the stages are warm."""
        text = json.dumps({name: [stage.version, _artefacts(stage)] for name, stage in stages.items()}).encode()
        room = self._BYTES - self._LENGTH.size
        if len(text) <= room:
            self._page[: self._LENGTH.size + len(text)] = self._LENGTH.pack(len(text)) + text

    def collect(self) -> Iterable[Family]:
        """Versions as metrics; none before a child is up."""
        families = Families()
        for stage, (version, artefacts) in self._read().items():
            families.set("dateline_stage_info", 1, stage, str(version))
            for artefact, its_version in artefacts.items():
                families.set("dateline_artefact_info", 1, stage, artefact, its_version)
        return families.all()

    def _read(self) -> dict[str, Any]:
        (length,) = self._LENGTH.unpack(self._page[: self._LENGTH.size])
        try:
            found: dict[str, Any] = json.loads(self._page[self._LENGTH.size : self._LENGTH.size + length] or b"{}")
        except ValueError:  # a child is writing at this moment
            return {}
        return found


def _artefacts(stage: Stage[Model]) -> dict[str, str]:
    try:
        return dict(stage.artefacts)
    except Unavailable:  # a missing model has no version; its stage records say that it is missing
        return {}


class Activity:
    """What a worker does now, asked when it is scraped.

    Args:
        processes: How many child processes it has.
        children: Their process ids.
    """

    def __init__(self, processes: int, children: Callable[[], Iterable[int]]) -> None:
        self._processes = processes
        self._children = children

    def collect(self) -> Iterable[Family]:
        """Processes, messages, memory."""
        families = Families()
        families.set("dateline_worker_processes", self._processes)
        families.set("dateline_worker_busy_processes", len(state.active_requests))
        families.set("dateline_worker_messages_total", state.all_total_count[0])
        families.set("dateline_worker_resident_bytes", _resident_bytes("self"), "main")
        families.set("dateline_worker_resident_bytes", sum(map(_resident_bytes, self._children())), "children")
        return families.all()


def _resident_bytes(process: int | str) -> int:
    """Resident memory of a process; 0 where the system does not tell, or it has just ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * mmap.PAGESIZE


def observe_tasks(app: Celery, instruments: Instruments) -> None:
    """Measure each task when the worker's main process hears that it has ended.

    Celery names no place for that but the class of its requests, whose events are sent in the main process and carry
    the duration (`task-succeeded`). It must be set before the worker begins to consume.
    """

    class Observed(QuietRequest):
        def send_event(self, type: str, **fields: Any) -> None:  # noqa: A002 - as Celery names it
            if type in _RESULTS:
                _observe(instruments, self.name, type, fields.get("runtime"))
            super().send_event(type, **fields)

    for stage in StageName:
        app.tasks[f"dateline.{stage}"].Request = Observed
        for result in _RESULTS.values():
            instruments.counter("dateline_worker_tasks_total", stage, result)
        instruments.histogram("dateline_worker_task_seconds", stage)
    instruments.counter("dateline_worker_lost_processes_total")


def _observe(instruments: Instruments, task: str, event: str, runtime: float | None) -> None:
    stage = task.rpartition(".")[2]
    instruments.counter("dateline_worker_tasks_total", stage, _RESULTS[event]).inc()
    if runtime is not None:
        instruments.histogram("dateline_worker_task_seconds", stage).observe(runtime)
