"""Signs of life for the supervisor of a process: a file that is touched, and the watchdog of systemd."""

import os
import socket
from contextlib import suppress
from pathlib import Path


def beat(file: Path | None) -> None:
    """Show that this process lives. Cheap: called about once a second.

    Args:
        file: To touch, if any (`DATELINE_HEARTBEAT_FILE`).
    """
    if file:
        file.touch()
    # sd_notify(3): a datagram to the socket that systemd names; an address that begins with @ is an abstract one.
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as notify:
            notify.sendto(b"WATCHDOG=1", f"\0{address[1:]}" if address.startswith("@") else address)
