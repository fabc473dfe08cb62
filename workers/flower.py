"""``python -m workers.flower``: Flower as a spectator, which asks workers nothing and can tell them nothing.

Flower broadcasts a heartbeat request when it begins to listen, over the channel that also carries "shut down". Workers
send heartbeats by themselves every two seconds; without that request Flower needs no right to publish at all, and its
Redis user has none (deploy/redis/users.acl).
"""

import sys
from typing import Any

from celery.events.receiver import EventReceiver

from workers.app import app
from workers.settings import secret_in, settings

_OPTIONS = ("--read_only", "--enable_events=False", "--tasks_columns=name,args,state,received,runtime,worker,uuid")


def _ask_nobody(self: EventReceiver, channel: Any = None) -> None:
    """In the place of `EventReceiver.wakeup_workers`."""


def _login() -> list[str]:
    """The login as an option. It does not reach the process list: Flower is started here, not by a shell."""
    file = settings().flower_login_file
    return [f"--basic_auth={secret_in(file)}"] if file else []


def main(arguments: list[str] | None = None) -> None:
    """Run Flower; its options may be given."""
    EventReceiver.wakeup_workers = _ask_nobody
    app.start(["flower", *_OPTIONS, *_login(), *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    main()
