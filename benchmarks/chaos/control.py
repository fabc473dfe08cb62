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
VISIBILITY_S = 30
"""Short, so that what was delivered and not acknowledged comes back within the run."""


def create(broker: str) -> Celery:
    """An app on this broker, with its own connections."""
    app = Celery("control", broker=broker, set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_S,
            "socket_timeout": 15,
            "socket_connect_timeout": 5,
        },
        task_time_limit=30,
    )
    app.task(name="control.step")(step)
    app.task(name="control.finish")(finish)
    return app


def step(number: int) -> int:
    """A stage that takes a moment."""
    time.sleep(0.002)
    return number


def finish(number: int) -> None:
    """The last stage counts the chain."""
    client = redis.Redis.from_url(os.environ["DATELINE_REDIS_URL"])
    client.hincrby(RESULTS, str(number), 1)
    client.close()


def send(app: Celery, number: int) -> None:
    """Publish one chain."""
    step_, finish_ = app.signature("control.step"), app.signature("control.finish")
    chain(step_.clone(args=(number,)), step_.clone(), step_.clone(), finish_, app=app).apply_async()


if __name__ == "__main__":
    create(os.environ["DATELINE_BROKER_URL"]).worker_main(
        ["worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", *sys.argv[1:]]
    )
