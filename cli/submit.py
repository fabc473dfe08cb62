"""``dateline submit``: sends articles in batches, waits when the server is busy, and sums up the answers."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from cli.api_client import ApiClient
from cli.drafts import Draft
from cli.errors import Trouble
from cli.exits import Exit
from cli.following import Followed
from cli.marks import Marks
from cli.output import console, counted, emit
from cli.reading import Reading, drafts, size_of
from cli.sending import SHOWN_PROBLEMS, Sender, Tally, batches

_WORDS = {"accepted": "new", "revised": "new revisions", "existing": "already known", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How to submit.

    Attributes:
        patience: Seconds to go on trying while the server is busy.
        as_json: Whether a program reads the answers.
        written_in: The format of the articles; `None` for submissions.
        state: Where to keep how far each file was sent.
        follow: Whether to go on with what is written to the file from now on.
    """

    patience: float = 300.0
    as_json: bool = False
    written_in: str | None = None
    state: Path | None = None
    follow: bool = False


def progress_bar(target: Console, *more: ProgressColumn) -> Progress:
    """A bar of what is sent; silent where nobody watches.

    Args:
        target: The terminal.
        more: Columns beside the bar; its count when none are given.
    """
    columns = more or (MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        console=target,
        transient=True,
        disable=not target.is_terminal,
    )


def _bytes_bar(target: Console) -> Progress:
    """The bar follows the bytes of the sources, since nobody knows how many articles they hold."""
    articles = TextColumn("{task.fields[articles]} articles")
    return progress_bar(target, TaskProgressColumn(), articles, TimeElapsedColumn(), TimeRemainingColumn())


def _announced(progress: Progress, task: TaskID) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        progress.update(task, description=f"The server is busy: waiting {seconds:.0f} s")
        time.sleep(seconds)
        progress.update(task, description="Submitting")

    return pause


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the following, and are no error."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def submit(sources: list[str], manner: Manner, client: ApiClient | None = None) -> Exit:
    """Send everything in the sources; returns how the command ends."""
    if manner.follow and (len(sources) != 1 or sources[0] == "-" or Path(sources[0]).is_dir()):
        raise Trouble("--follow takes one file of lines.", "Name the file that is written to.", Exit.USAGE)
    tally, reading = Tally(keep_items=manner.as_json and not manner.follow), Reading(Marks(manner.state))
    client = client or ApiClient()
    target = console(stderr=True)
    with _bytes_bar(target) as progress:
        total = None if manner.follow else size_of(sources)
        task = progress.add_task("Following" if manner.follow else "Submitting", total=total, articles=0)
        sender = Sender(client, tally, manner.patience, _announced(progress, task), manner.written_in)

        def report() -> None:
            progress.update(task, completed=reading.bytes_read, articles=f"{tally.count:,}")

        if manner.follow:
            _follow(Path(sources[0]), sender, reading.marks, report)
        else:
            _send(drafts(sources, reading), sender, reading.marks, report)
    client.close()
    if manner.as_json:
        emit({"answers": dict(tally.answers), "passed_over": reading.passed_over, "items": tally.items})
    else:
        _sum_up(tally, reading, console())
    return Exit.FOUND if tally.answers["rejected"] else Exit.OK


def _send(articles: Iterable[Draft | None], sender: Sender, marks: Marks, report: Callable[[], None]) -> None:
    for number, batch in enumerate(batches(articles)):
        first_alone = number == 0 and len(batch) == 1
        sender.send(batch, alone=first_alone and not isinstance(articles, Followed))
        for draft in {draft.path: draft for draft in batch if draft.path}.values():
            marks.note(draft.path, draft.end, draft.number)  # type: ignore[arg-type]
        marks.save()
        report()


def _follow(path: Path, sender: Sender, marks: Marks, report: Callable[[], None]) -> None:
    followed = Followed(path, marks)
    with _until_stopped():
        _send(followed, sender, marks, report)
    followed.close()


def _said(item: dict[str, object]) -> str:
    """Why an article was rejected: its fields' errors, else the problem as a whole."""
    problem = item.get("problem")
    known = problem if isinstance(problem, dict) else {}
    fields = [f"{error.get('pointer') or ''} {error['message']}".strip() for error in known.get("errors", ())]
    return "; ".join(fields) or known.get("detail") or known.get("title") or f"HTTP {item['status']}"


def _sum_up(tally: Tally, reading: Reading, target: Console) -> None:
    if reading.passed_over:
        target.print(f"Records of the archive that hold no page: {reading.passed_over}.")
    if not tally.count:
        target.print("Nothing to submit.")
        return
    parts = [counted(tally.answers[name], word) for name, word in _WORDS.items() if tally.answers[name]]
    target.print(f"{tally.count} articles: {', '.join(parts)}." if tally.count > 1 else f"{parts[0]}.")
    if tally.formats:
        target.print(f"Read as: {', '.join(f'{count} {name}' for name, count in tally.formats.most_common())}.")
    for warning, count in tally.warnings.most_common():
        target.print(f"  {count} with the warning: {warning}", highlight=False)
    for item in tally.rejected:
        target.print(Text.assemble(("✗ ", "red"), f"{item['source']}: {_said(item)}"), soft_wrap=True)
    if tally.answers["rejected"] > SHOWN_PROBLEMS:
        target.print(f"… and {tally.answers['rejected'] - SHOWN_PROBLEMS} more; --json lists all of them.")
    _tell_ids(tally, target)


def _tell_ids(tally: Tally, target: Console) -> None:
    """Say how to see what comes of the articles: each by its id, or as they come where they are too many to list."""
    if len(tally.taken) == tally.count - tally.answers["rejected"]:
        for article_id, origin in tally.taken:
            told = Text(f"dateline show {article_id}", "cyan").append("" if tally.count == 1 else f"  {origin}", "dim")
            target.print(told, soft_wrap=True)
    elif tally.taken:
        target.print("`dateline tail --from-start` shows what comes of them; --json prints every id.", style="dim")
