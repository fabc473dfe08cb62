import os
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from celery.worker.request import Request
from unit.workers.metrics.test_metrics_instruments import samples

from schemas import StageName, Unavailable
from workers.metrics import Instruments, Origin
from workers.metrics.working import Activity, Loaded, observe_tasks


class Stage:
    def __init__(self, version: int, artefacts: Mapping[str, str] | None) -> None:
        self.version = version
        self._artefacts = artefacts

    @property
    def artefacts(self) -> Mapping[str, str]:
        if self._artefacts is None:
            raise Unavailable("no model")
        return self._artefacts


def worker(*sources: Any) -> Instruments:
    instruments = Instruments(Origin.WORKER)
    for source in sources:
        instruments.register(source)
    return instruments


def test_the_main_process_tells_what_its_children_have_loaded() -> None:
    loaded = Loaded()
    instruments = worker(loaded)
    assert not any(name == "dateline_stage_info" for name, _ in samples(instruments.text()))
    child = os.fork()
    if child == 0:  # pragma: no cover - counted in the child only
        stages = {StageName.GEOTAG: Stage(3, {"gazetteer": "2.1"}), StageName.ENTITIES: Stage(2, None)}
        loaded.tell(stages)  # type: ignore[arg-type]
        os._exit(0)
    os.waitpid(child, 0)
    told = samples(instruments.text())
    assert told["dateline_stage_info", (("stage", "geotag"), ("version", "3"))] == 1
    assert told["dateline_stage_info", (("stage", "entities"), ("version", "2"))] == 1, "even without its model"
    artefact = (("artefact", "gazetteer"), ("stage", "geotag"), ("version", "2.1"))
    assert [key for key in told if key[0] == "dateline_artefact_info"] == [("dateline_artefact_info", artefact)]


def test_a_child_that_is_writing_is_waited_for_until_the_next_scrape() -> None:
    loaded = Loaded()
    loaded._page[:4] = Loaded._LENGTH.pack(5)
    loaded._page[4:9] = b'{"cle'
    assert loaded.collect() == []


def test_what_does_not_fit_is_left_out() -> None:
    loaded = Loaded()
    loaded.tell({StageName.CLEAN: Stage(1, {"x": "y" * 70_000})})  # type: ignore[dict-item]
    assert loaded.collect() == []


def test_processes_and_their_memory_are_told() -> None:
    told = samples(worker(Activity(2, lambda: [os.getpid(), 2**22 + 1])).text())
    assert told["dateline_worker_processes", ()] == 2
    assert told["dateline_worker_busy_processes", ()] == 0
    main, children = (told["dateline_worker_resident_bytes", (("part", part),)] for part in ("main", "children"))
    assert main > 10_000_000
    assert children == pytest.approx(main, rel=0.2), "of a process that is gone nothing is known"


@pytest.fixture
def observed(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Instruments]:
    """The class of requests that a worker would use for the clean stage, and its instruments."""

    def note(request: Any, kind: str, **fields: Any) -> None:
        request.sent.append(kind)
        request.told = fields

    monkeypatch.setattr(Request, "send_event", note)
    app = Celery("test")
    for stage in StageName:
        app.tasks[f"dateline.{stage}"] = SimpleNamespace()
    instruments = Instruments(Origin.WORKER)
    observe_tasks(app, instruments)
    cls = app.tasks["dateline.clean"].Request
    request = cls.__new__(cls)
    request.sent = []
    monkeypatch.setattr(cls, "name", "dateline.clean", raising=False)
    return request, instruments


def test_a_failed_batch_tells_no_more_for_being_measured(observed: tuple[Any, Instruments]) -> None:
    request, _ = observed
    request.send_event("task-failed", exception="ValueError('the very words of the article')", traceback="words")
    assert request.told == {"exception": "ValueError", "traceback": ""}


def test_a_batch_is_measured_when_its_end_is_told(observed: tuple[Any, Instruments]) -> None:
    request, instruments = observed
    request.send_event("task-started")
    request.send_event("task-succeeded", runtime=0.3, result="…")
    request.send_event("task-failed")
    assert request.sent == ["task-started", "task-succeeded", "task-failed"], "and Celery goes on as ever"
    told = samples(instruments.text())
    passed, failed = ((("result", result), ("stage", "clean")) for result in ("passed", "failed"))
    assert told["dateline_worker_tasks_total", passed] == told["dateline_worker_tasks_total", failed] == 1
    assert told["dateline_worker_task_seconds_sum", (("stage", "clean"),)] == 0.3
    assert told["dateline_worker_tasks_total", (("result", "passed"), ("stage", "geotag"))] == 0, "told from the start"
