"""``python -m workers.flower``: Flower as an observer that can send nothing to workers.

Flower broadcasts a heartbeat request when it begins to listen, over the channel that also carries "shut down". Workers
send heartbeats by themselves every two seconds; without that request Flower needs no right to publish at all, and its
Redis user has none (deploy/redis/users.acl).
"""

import os
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final

from celery.events.receiver import EventReceiver
from flower import urls
from flower.events import EventsState
from flower.views import tasks as pages
from tornado.options import options

from workers.app import app
from workers.settings import secret_in, settings
from workers.task_view import ChainedTask, readable

_REFUSED: Final = 2
_OPTIONS: Final = (
    "--read_only",
    "--enable_events=False",
    "--tasks_columns=name,args,state,runtime,received,worker,uuid",
    # What it remembers is bounded, and in memory only: 7.4 KB for each task (measurements E11), so this is 37 MB.
    "--max_tasks=5000",
    "--max_workers=500",
    "--purge_offline_workers=86400",
)
_LOOPBACK: Final = "127.0.0.1"
_OWN_METRICS: Final = "/metrics"


def _ask_nobody(self: EventReceiver, channel: Any = None) -> None:
    """In the place of `EventReceiver.wakeup_workers`."""


def _login() -> list[str]:
    """The login as an option. It does not reach the process list: Flower is started here, not by a shell."""
    file = settings().flower_login_file
    return [f"--basic_auth={secret_in(file)}"] if file else []


def _address(given: Sequence[str]) -> str:
    """Where Flower is going to listen: on loopback unless it is told otherwise. Its own default is everywhere."""
    told = [option.partition("=")[2] for option in given if option.startswith("--address=")]
    return told[-1] if told else os.environ.get("FLOWER_ADDRESS", _LOOPBACK)


def _is_open(address: str, chosen: Sequence[str]) -> bool:
    """Whether others than this machine could look in without a login."""
    if any(option.startswith(("--basic_auth=", "--auth=")) for option in chosen):
        return False
    if os.environ.get("FLOWER_BASIC_AUTH") or os.environ.get("FLOWER_AUTH"):
        return False
    try:
        return not ip_address(address).is_loopback
    except ValueError:
        return address != "localhost"


def _arrange() -> None:
    """Show batches instead of messages, and leave out the metrics.

    Flower's are open to who has no login, know neither depth nor age of a queue, and stand beside Dateline's own.
    """
    EventReceiver.wakeup_workers = _ask_nobody
    EventsState.Task = ChainedTask
    pages.TASK_COLUMNS["args"] = "Batch"
    urls.handlers[:] = [one for one in urls.handlers if not (isinstance(one, tuple) and one[0] == _OWN_METRICS)]
    options.format_task = readable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Flower; its options may be given."""
    given = sys.argv[1:] if arguments is None else arguments
    address = _address(given)
    chosen = [*_OPTIONS, f"--address={address}", *_login(), *given]
    if _is_open(address, chosen):
        sys.stderr.write(
            f"dateline flower: it does not listen on {address or 'every address'} without a login: name the file with "
            "it in DATELINE_FLOWER_LOGIN_FILE, or set FLOWER_BASIC_AUTH=name:password.\n"
        )
        return _REFUSED
    _arrange()
    app.start(["flower", *chosen])
    return 0


if __name__ == "__main__":
    sys.exit(main())
