"""The control: the same work as plain Celery chains with late acknowledgement, as careful people write them.

Each chain passes four tasks and then counts itself in Redis. What is missing at the end was lost; what counts twice
was doubled. Run as a module it is a worker.
"""

import os
import sys
import time

import redis
from celery import Celery, chain

RESULTS = "control:results"
_VISIBILITY_S = 60

app = Celery("control", broker=os.environ.get("DATELINE_BROKER_URL", "memory://"))
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": _VISIBILITY_S, "socket_timeout": 15, "socket_connect_timeout": 5},
    task_time_limit=30,
)


@app.task(name="control.step")  # type: ignore[untyped-decorator]
def step(number: int) -> int:
    """A stage that takes a moment."""
    time.sleep(0.002)
    return number


@app.task(name="control.finish")  # type: ignore[untyped-decorator]
def finish(number: int) -> None:
    """The last stage counts the chain."""
    client = redis.Redis.from_url(os.environ["DATELINE_REDIS_URL"])
    client.hincrby(RESULTS, str(number), 1)
    client.close()


def send(number: int) -> None:
    """Publish one chain."""
    chain(step.s(number), step.s(), step.s(), finish.s()).apply_async()


if __name__ == "__main__":
    app.worker_main(["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", *sys.argv[1:]])
