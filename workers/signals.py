"""Handlers of Celery's signals: logging, the runtime after the fork, log context, workers that died."""

import gc
from typing import Any

import billiard
import structlog
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import signals

from schemas import RetryLater
from tasks import pipeline, runtime
from tasks.batch import Batch
from tasks.tracing import Tracer
from workers import logging as dateline_logging
from workers import stopping
from workers.app import app
from workers.hearing import DEAF, Hearing
from workers.keeper import Keeper
from workers.metrics import Instruments, Origin, serve
from workers.metrics.working import Activity, Loaded, observe_tasks
from workers.runtime import open_runtime, open_store
from workers.settings import settings
from workers.tracing import open_tracer
from workers.wakeups import open_wakeups
from workers.watch import Consumption, Watch

_log = structlog.get_logger(__name__)
_running: list[Keeper | Watch] = []
_tracers: list[Tracer] = []
_instruments = Instruments(Origin.WORKER, Origin.KEEPER)
_loaded = Loaded()
"""Made before the fork: child processes write into it which versions they have loaded."""


@signals.setup_logging.connect
def configure_logging(**_: Any) -> None:
    """Set up logging. Celery leaves the root logger alone if this signal has a handler."""
    dateline_logging.configure(settings())


@signals.worker_process_init.connect
def open_in_child(**_: Any) -> None:
    """Connections, models and gazetteers belong to one process: they are opened after the fork."""
    _open()


@signals.worker_init.connect
def prepare(sender: Any = None, **_: Any) -> None:
    """Import in the parent what children share, and freeze it, so that collections do not copy its pages.

    A worker without child processes (``--pool solo`` or ``threads``) runs stages here.
    """
    if settings().metrics_port:
        observe_tasks(app, _instruments)
    stopping.StopWatch(settings().stop_grace.total_seconds(), lambda: stopping.end(0)).start()
    if "prefork" not in str(getattr(sender, "pool_cls", "prefork")):
        _open()
        return
    open_runtime(settings(), app).store.close()
    gc.collect()
    gc.freeze()


@signals.worker_process_shutdown.connect
@signals.worker_shutdown.connect
def close_tracer(**_: Any) -> None:
    """Send the spans that are left; in a child, or in a worker that has none."""
    while _tracers:
        _tracers.pop().close()


def _open() -> None:
    tracer = open_tracer(settings(), "dateline-worker")
    _tracers.append(tracer)
    opened = open_runtime(settings(), app, tracer)
    pipeline.warm(opened.stages)
    _loaded.tell(opened.stages)
    runtime.install(opened)


@signals.worker_ready.connect
def start_threads(sender: Any = None, **_: Any) -> None:
    """Every worker runs a keeper, and a watch over itself."""
    config = settings()
    store = open_store(config)
    name = str(getattr(sender, "hostname", "worker"))
    keeper = Keeper(config, store, open_wakeups(config, store, app), name, _instruments)
    running: list[Keeper | Watch] = [keeper, _watch(sender)]
    for each in running:
        each.start()
    _running.extend(running)
    _open_metrics(int(sender.pool.num_processes))
    _log.info("worker.ready", worker=name)


def _open_metrics(processes: int) -> None:
    _instruments.register(Activity(processes, lambda: [child.pid for child in billiard.active_children()]))
    _instruments.register(_loaded)
    serve(settings(), _instruments)


def _watch(consumer: Any) -> Watch:
    config = settings()
    deaf_s, hard_s = config.deaf_after.total_seconds(), config.stage_hard_limit.total_seconds()
    consumption = Consumption(config, int(consumer.pool.num_processes))
    hearing = Hearing(deaf_s, hard_s + deaf_s)
    return Watch(config.heartbeat_file, hearing, consumption.glance, lambda: stopping.end(DEAF))


@signals.worker_shutting_down.connect
def stop_threads(**_: Any) -> None:
    """No new wake-ups from a worker that is stopping."""
    while _running:
        _running.pop().stop()


@signals.task_prerun.connect
def bind_context(task_id: str = "", task: Any = None, **_: Any) -> None:
    """Every log line of a task names it."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task_id=task_id, stage=str(getattr(task, "stage", "")))


@signals.task_postrun.connect
def clear_context(**_: Any) -> None:
    """The context of one task must not leak into the next."""
    structlog.contextvars.clear_contextvars()


@signals.task_failure.connect
def tell_failure(exception: BaseException | None = None, **_: Any) -> None:
    """Say that a task failed; Celery's own line would hold the exception's message, which could quote an article."""
    _log.error("task.failed", exc_info=exception)
    if isinstance(exception, WorkerLostError):
        _instruments.counter("dateline_worker_lost_processes_total").inc()


@signals.task_failure.connect
def return_lost_batch(exception: BaseException | None = None, args: Any = None, **_: Any) -> None:
    """Return a batch whose process died, or is about to be ended, to its lanes, marked: it is claimed one by one.

    Sent in the worker's main process. The batch of the first task is only known to the process that died; it comes
    back when its lease expires.
    """
    batch = args[0] if args else None
    if not isinstance(exception, (WorkerLostError, TimeLimitExceeded)) or not isinstance(batch, dict):
        return
    if "refs" not in batch:
        return
    lost = Batch.read(batch)  # type: ignore[arg-type] # as another process wrote it
    store = open_store(settings())
    try:
        owner = store.beside("canary") if lost.canary else store
        owner.ledger.give_back(lost.refs, lost.token, lost=True)
    except RetryLater as error:
        _log.warning("worker.lost_batch_not_returned", error=type(error).__name__)
    finally:
        store.close()
    _log.warning("worker.lost", articles=len(lost.refs))
