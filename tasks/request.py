"""The events that a worker sends about its tasks, which the broker passes on and Flower keeps."""

import re
from typing import Any, Final

from celery.worker.request import Request

_FRAME: Final = re.compile(r'File "(?:[^"]*/)?([^"]+)", line (\d+), in (\S+)')
_CLASS: Final = re.compile(r"\W*([\w.]+)")


class QuietRequest(Request):  # type: ignore[misc] # Celery ships no types
    """Events with the class and place of an error only: its message and the lines of code could quote an article."""

    def send_event(self, type: str, **fields: Any) -> None:  # noqa: A002 - Celery's name
        """Send an event."""
        if "exception" in fields:
            found = _CLASS.match(str(fields["exception"]))
            fields["exception"] = found[1] if found else ""
        if "traceback" in fields:
            frames = _FRAME.findall(str(fields["traceback"]))
            fields["traceback"] = "\n".join(f"{file}:{line} {name}" for file, line, name in frames)
        super().send_event(type, **fields)
