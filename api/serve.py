"""Running the server: ``python -m api``."""

import gc
import socket
import sys

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.connection import BoundedProtocol
from api.resources import Resources
from schemas import RetryLater
from store import Store
from workers import logging
from workers.settings import Settings, settings
from workers.tracing import NoTracing, open_tracer

_REFUSED = 2
_COLLECT_AFTER = 20_000
"""Objects between two runs of the garbage collector: about a chunk of a batch, which makes no cycles."""
_GRACE_SECONDS = 10
"""Within the 30 s that orchestrators give; a batch of 64 MB takes less."""
_KEEP_ALIVE_SECONDS = 65
"""Longer than the idle time of common proxies and client pools, so that they close first and never hit a closed one."""


class Unprotected(Exception):
    """The server would be open to everybody. The message says what to do."""


class Server(uvicorn.Server):
    """uvicorn's server, which ends the event streams before it waits for requests to finish."""

    def __init__(self, config: uvicorn.Config, found: Resources) -> None:
        super().__init__(config)
        self._resources = found

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving."""
        self._resources.follower.stop()
        await super().shutdown(sockets)


def check_protection(config: Settings, store: Store) -> None:
    """Make sure that a server which others can reach has a key.

    Raises:
        Unprotected: It has none.
        StoreUnavailable: The store does not answer.
    """
    if not config.api_is_local and not store.access.any():
        raise Unprotected(
            f"No access key exists, so the API does not listen on {config.api_host}: create one with "
            "`dateline keys create NAME`, or set DATELINE_API_HOST=127.0.0.1."
        )


def make_server(config: Settings, app: FastAPI) -> Server:
    """The server for an application."""
    return Server(
        uvicorn.Config(
            app,
            host=config.api_host,
            port=config.api_port,
            http=BoundedProtocol,
            limit_concurrency=config.api_max_connections,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        ),
        app.state.resources,
    )


def main() -> int:
    """Serve until told to stop; returns the exit status."""
    config = settings()
    logging.configure(config)
    store = Store.open(config.redis_url.get_secret_value(), config.prefix)
    try:
        check_protection(config, store)
        tracer = open_tracer(config, "dateline-api")
    except (Unprotected, NoTracing) as error:
        sys.stderr.write(f"dateline api: {error}\n")
        return _REFUSED
    except RetryLater as error:
        sys.stderr.write(f"dateline api: {error}\n")
        return 1
    # Imported late: what refuses to start need not load Celery.
    from workers.app import app as celery  # noqa: PLC0415
    from workers.wakeups import open_wakeups  # noqa: PLC0415

    # What is loaded now stays: collecting it again and again cost an eighth of the time of a batch.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    make_server(config, create_app(config, store, open_wakeups(config, store, celery), tracer)).run()
    store.close()
    return 0
