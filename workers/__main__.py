"""``python -m workers``: one worker, with the flags and signal handling that survive faults (docs/adr/0009)."""

import os
import subprocess
import sys

_REFUSED = 2


def main(arguments: list[str] | None = None) -> int:
    """Run a worker until it is told to stop; further Celery worker options may be given."""
    # SIGTERM starts the soft shutdown (some seconds for running tasks, then hand-back) instead of waiting without
    # bound. Celery reads it at import.
    os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")
    from tasks.pipeline import queues  # noqa: PLC0415
    from workers import signals  # noqa: F401, PLC0415
    from workers.app import app  # noqa: PLC0415
    from workers.settings import settings  # noqa: PLC0415
    from workers.tracing import NoTracing, check_tracing  # noqa: PLC0415

    config = settings()
    try:
        check_tracing(config)
    except NoTracing as error:
        sys.stderr.write(f"dateline worker: {error}\n")
        return _REFUSED
    if config.recognizer != "onnx" and (problem := _check(config.recognizer)):
        return problem
    flags = ["worker", "--queues", ",".join(queues(config.worker_lane)), "--without-gossip", "--without-mingle"]
    flags += ["--loglevel", config.log_level]
    if config.worker_concurrency:
        flags += ["--concurrency", str(config.worker_concurrency)]
    app.worker_main([*flags, *(sys.argv[1:] if arguments is None else arguments)])
    return 0


def _check(recognizer: str) -> int:
    """Check in another process that a recognizer which does not ship can be loaded; a worker must not run without it.

    Not here, because models and the threads of their engines do not survive the fork.
    """
    return subprocess.run([sys.executable, "-m", "tasks.entities", recognizer], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
