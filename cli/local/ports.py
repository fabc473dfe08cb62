"""Ports on loopback: a free one, or a clear word about the one that is taken."""

import socket
from contextlib import closing

from cli.errors import Trouble

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, what: str, setting: str) -> int:
    """The port itself.

    Raises:
        Trouble: Somebody listens on it already.
    """
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: TIME_WAIT is not "in use"
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise Trouble(
                f"Port {port}, which {what} would use, cannot be opened ({error.strerror}).",
                f"Stop what listens there, or choose another port with {setting}.",
            ) from error
    return port
