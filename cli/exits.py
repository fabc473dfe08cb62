"""Exit codes of the command. ``dateline --help`` documents them; scripts may rely on them."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes. Every failure also says one next step on standard error."""

    OK = 0
    FOUND = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4
    MISSING = 5
    MACHINE = 6
    INTERRUPTED = 130
    UNREAD = 141
    """As a shell says of who was ended by SIGPIPE: whoever read the output has gone. Says no next step."""


EPILOG = (
    "Exit codes: 0 fine, 1 something was found wrong or was rejected, 2 wrong usage or setting, "
    "3 the API or the store cannot be reached, 4 the access key was refused, 5 there is no such thing, "
    "6 this machine cannot do it (port in use, no redis-server), 130 interrupted, 141 nobody reads the output any more."
)
