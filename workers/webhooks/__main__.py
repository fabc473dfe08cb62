"""``python -m workers.webhooks``: the process that calls webhooks. Several may run; each endpoint is called by one."""

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog

from tasks.tracing import Tracer
from workers import logging as dateline_logging
from workers.metrics import serve as serve_metrics
from workers.runtime import open_store
from workers.settings import Settings, settings
from workers.tracing import NoTracing, open_tracer
from workers.webhooks._calling import Caller
from workers.webhooks.deliveries import Deliveries, Manner
from workers.webhooks.targets import Targets

_REFUSED = 2
_LOOKUPS = 64
"""Threads that resolve host names: a name server that hangs for some hosts does not hold up the others."""
_log = structlog.get_logger(__name__)


def manner(config: Settings) -> Manner:
    """How calls are made, from the settings."""
    return Manner(
        delays=config.webhook_retry_delays,
        timeout_s=config.webhook_timeout.total_seconds(),
        max_bytes=config.webhook_max_bytes,
        public_url=(config.public_url or config.api_url).rstrip("/"),
    )


async def serve(config: Settings, tracer: Tracer) -> None:
    """Call webhooks until cancelled, or until somebody asks to stop. A call that is cut off is made again."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_LOOKUPS, "lookup"))
    task = asyncio.current_task()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel if task else loop.stop)
    store = open_store(config)
    caller = Caller(Targets(config.webhook_allowed_networks), config.webhook_timeout.total_seconds())
    try:
        _log.info("webhooks.ready")
        deliveries = Deliveries(store, caller, manner(config), config.heartbeat_file, tracer)
        serve_metrics(config, deliveries.instruments)
        await deliveries.run()
    finally:
        await caller.close()
        store.close()


def main() -> int:
    """Run it."""
    config = settings()
    dateline_logging.configure(config)
    try:
        tracer = open_tracer(config, "dateline-webhooks")
    except NoTracing as error:
        sys.stderr.write(f"dateline webhooks: {error}\n")
        return _REFUSED
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        asyncio.run(serve(config, tracer))
    tracer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
