"""``dateline submit``: sends articles in batches, waits when the server is busy, and sums up the answers."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.api_client import ApiClient, refusal
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from cli.reading import Draft, drafts

_BATCH_ARTICLES = 500
_BATCH_BYTES = 8 * 1024 * 1024
"""Well below what the API takes (64 MB): a broken connection repeats little, and progress is seen."""
_BUSY = (429, 503)
_SHOWN_PROBLEMS = 10


@dataclass(slots=True)
class Tally:
    """The answers so far."""

    answers: Counter[str] = field(default_factory=Counter)
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        """The articles that were not accepted."""
        return [item for item in self.items if item["answer"] == "rejected"]

    def add(self, draft: Draft, status: int, receipt: dict[str, Any] | None, problem: dict[str, Any] | None) -> None:
        """Note the answer to one article."""
        answer = str(receipt["answer"]) if receipt else "rejected"
        self.answers[answer] += 1
        self.items.append(
            {"source": draft.origin, "status": status, "answer": answer}
            | ({"id": receipt["id"], "revision": receipt["revision"]} if receipt else {})
            | ({"warnings": receipt["warnings"]} if receipt and receipt.get("warnings") else {})
            | ({"problem": problem} if problem else {})
        )


def batches(articles: Iterable[Draft]) -> Iterator[list[Draft]]:
    """Cut a stream into batches of bounded number and size."""
    batch: list[Draft] = []
    size = 0
    for draft in articles:
        if batch and (len(batch) >= _BATCH_ARTICLES or size + len(draft.line) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(draft)
        size += len(draft.line) + 1
    if batch:
        yield batch


class Sender:
    """Sends batches until each article has an answer that is not "later"."""

    def __init__(self, client: ApiClient, tally: Tally, patience: float, pause: Callable[[float], None]) -> None:
        self._client = client
        self._tally = tally
        self._patience = patience
        self._pause = pause

    def send(self, batch: list[Draft], *, alone: bool) -> None:
        """Send one batch; an article that was given alone takes the live lane."""
        deadline = time.monotonic() + self._patience
        if alone:
            call = lambda: self._client.post_one(batch[0].line)  # noqa: E731
            self._note_single(batch[0], self._client.patiently(call, deadline, self._pause))
            return
        while batch:
            lines = [draft.line for draft in batch]
            response = self._client.patiently(lambda lines=lines: self._client.post_batch(lines), deadline, self._pause)  # type: ignore[misc]
            batch = self._note_batch(batch, response)
            if batch:
                if time.monotonic() > deadline:
                    raise Trouble(
                        f"The API stayed too busy for {len(batch)} articles.", "Submit again later.", Exit.UNREACHABLE
                    )
                self._pause(2.0)

    def _note_single(self, draft: Draft, response: httpx.Response) -> None:
        if response.status_code in (401, 403, 404, 405) or response.is_server_error:
            raise refusal(response)
        document = response.json()
        receipt, problem = (document, None) if response.is_success else (None, document)
        self._tally.add(draft, response.status_code, receipt, problem)

    def _note_batch(self, batch: list[Draft], response: httpx.Response) -> list[Draft]:
        """Note the answers to a batch; returns those that have to be sent again."""
        document = response.json() if "json" in response.headers.get("Content-Type", "") else {}
        if "items" not in document:
            raise refusal(response)
        again = []
        for draft, item in zip(batch, document["items"], strict=True):
            if item["status"] in _BUSY:
                again.append(draft)
            else:
                self._tally.add(draft, item["status"], item.get("receipt"), item.get("problem"))
        return again


def progress_bar(target: Console) -> Progress:
    """The bar that shows how many articles were sent; silent where nobody watches."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=target,
        transient=True,
        disable=not target.is_terminal,
    )


def _announced(progress: Progress, task: TaskID) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        progress.update(task, description=f"The server is busy: waiting {seconds:.0f} s")
        time.sleep(seconds)
        progress.update(task, description="Submitting")

    return pause


def submit(sources: list[str], *, patience: float, as_json: bool, client: ApiClient | None = None) -> Exit:
    """Send everything in the sources; returns how the command ends."""
    tally = Tally()
    target = console(stderr=True)
    client = client or ApiClient()
    known = 0
    with progress_bar(target) as progress:
        task = progress.add_task("Submitting", total=None)
        sender = Sender(client, tally, patience, _announced(progress, task))
        for batch in batches(drafts(sources)):
            known += len(batch)
            sender.send(batch, alone=known == 1)
            progress.update(task, completed=len(tally.items), total=known)
    client.close()
    if as_json:
        emit({"answers": dict(tally.answers), "items": tally.items})
    else:
        _sum_up(tally, console())
    return Exit.FOUND if tally.rejected else Exit.OK


def _said(item: dict[str, Any]) -> str:
    """Why an article was rejected: its fields' errors, else the problem as a whole."""
    problem = item.get("problem") or {}
    fields = [f"{error['pointer'] or 'the article'} {error['message']}" for error in problem.get("errors", ())]
    return "; ".join(fields) or problem.get("detail") or problem.get("title") or f"HTTP {item['status']}"


def _sum_up(tally: Tally, target: Console) -> None:
    if not tally.items:
        target.print("Nothing to submit.")
        return
    words = {"accepted": "new", "revised": "new revisions", "existing": "already known", "rejected": "rejected"}
    parts = [f"{tally.answers[name]} {word}" for name, word in words.items() if tally.answers[name]]
    target.print(f"{len(tally.items)} articles: {', '.join(parts)}." if len(tally.items) > 1 else f"{parts[0]}.")
    for item in tally.rejected[:_SHOWN_PROBLEMS]:
        target.print(Text.assemble(("✗ ", "red"), f"{item['source']}: {_said(item)}"), soft_wrap=True)
    if len(tally.rejected) > _SHOWN_PROBLEMS:
        target.print(f"… and {len(tally.rejected) - _SHOWN_PROBLEMS} more; --json lists all of them.")
    if len(tally.items) == 1 and not tally.rejected:
        target.print(f"dateline show {tally.items[0]['id']}", style="cyan")
