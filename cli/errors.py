"""Error messages of the command: what is wrong, one next step, an exit code, no traceback."""

import json
import sys

from pydantic import ValidationError

from cli.exits import Exit
from schemas import DatelineError, Unavailable
from store import BadName, StoreFull, StoreUnavailable
from workers.sinks.errors import SinkError


class Trouble(DatelineError):
    """Something the person at the terminal can act on."""

    def __init__(self, message: str, next_step: str, exit_code: Exit = Exit.MACHINE) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.exit_code = exit_code


def _of_setting(error: ValidationError) -> Trouble:
    first = error.errors(include_input=False, include_url=False)[0]
    name = "_".join(str(part) for part in first["loc"]).upper() or "?"
    return Trouble(
        f"The setting DATELINE_{name} is not valid: {first['msg'].removeprefix('Value error, ')}.",
        "Correct it in the environment or in .env; .env.example explains every setting.",
        Exit.USAGE,
    )


def _in_two(error: DatelineError, exit_code: Exit) -> Trouble:
    """The two parts of our messages, which a semicolon separates: what is wrong, and the next step."""
    message, _, step = str(error).partition("; ")
    return Trouble(
        message.rstrip(".") + ".",
        (step[:1].upper() + step[1:]) or "Start everything on this machine with `dateline up`.",
        exit_code,
    )


def as_trouble(error: BaseException) -> Trouble:
    """What to tell about an exception."""
    match error:
        case Trouble():
            return error
        case StoreUnavailable() | StoreFull():
            return _in_two(error, Exit.UNREACHABLE)
        case SinkError() | Unavailable() | BadName():
            return _in_two(error, Exit.USAGE if isinstance(error, BadName) else Exit.MACHINE)
        case DatelineError():
            return Trouble(str(error), "Run `dateline --help` to see what is possible.", Exit.FOUND)
        case ValidationError() if error.title == "Settings":
            return _of_setting(error)
        case _:
            return Trouble(
                f"This should not have happened ({type(error).__name__}: {str(error)[:200]}).",
                "Run the same again as `dateline --traceback …` and report what it prints.",
                Exit.FOUND,
            )


def tell(trouble: Trouble, *, as_json: bool) -> None:
    """Write what is wrong to standard error, for a person or for a program."""
    if as_json:
        document = {"error": trouble.message, "next_step": trouble.next_step, "exit_code": int(trouble.exit_code)}
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    from rich.console import Console  # noqa: PLC0415 - the JSON path does without it
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True, soft_wrap=True)
    console.print(Text.assemble(("✗ ", "bold red"), (trouble.message, "bold")))
    console.print(Text.assemble(("  → ", "cyan"), trouble.next_step))
