"""Sending drafts in batches, until each has an answer that is not "later"."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from cli.api_client import BUSY, ApiClient, refusal, retry_after
from cli.drafts import Draft
from cli.errors import Trouble
from cli.exits import Exit

_BATCH_ARTICLES = 500
_BATCH_BYTES = 8 * 1024 * 1024
"""Well below what the API takes (64 MB): a broken connection repeats little, and progress is seen."""
SHOWN_PROBLEMS = 10
SHOWN_IDS = 25


@dataclass(slots=True)
class Tally:
    """The answers so far; single ones only where somebody will look at them, so that a year of news fits."""

    keep_items: bool = False
    answers: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    items: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    """The first articles that were not accepted."""
    taken: list[tuple[str, str]] = field(default_factory=list)
    """Ids and origins of the first articles that were accepted, or known before."""

    @property
    def count(self) -> int:
        """Articles that have an answer."""
        return self.answers.total()

    def add(self, draft: Draft, item: dict[str, Any]) -> None:
        """Note the answer to one article: an item of a batch, or what would be one."""
        receipt, problem = item.get("receipt"), item.get("problem")
        answer = str(receipt["answer"]) if receipt else "rejected"
        self.answers[answer] += 1
        if item.get("format"):
            self.formats[item["format"]] += 1
        warnings = receipt.get("warnings") if receipt else None
        self.warnings.update({f"{warning['field']} {warning['code']}" for warning in warnings or ()})
        if receipt and len(self.taken) < SHOWN_IDS:
            self.taken.append((receipt["id"], draft.origin))
        found = (
            {"source": draft.origin, "status": item["status"], "answer": answer}
            | ({"id": receipt["id"], "revision": receipt["revision"]} if receipt else {})
            | ({"warnings": warnings} if warnings else {})
            | ({"format": item["format"]} if item.get("format") else {})
            | ({"problem": problem} if problem else {})
        )
        if self.keep_items:
            self.items.append(found)
        if not receipt and len(self.rejected) < SHOWN_PROBLEMS:
            self.rejected.append(found)


def batches(articles: Iterable[Draft | None]) -> Iterator[list[Draft]]:
    """Cut a stream into batches of bounded number and size; a `None` in it says not to wait for more.

    Raises:
        Trouble: The source broke off. What came before is yielded first.
    """
    batch: list[Draft] = []
    size = 0
    broken: Trouble | None = None
    try:
        for draft in articles:
            full = draft is None or len(batch) >= _BATCH_ARTICLES or size + len(draft.line) > _BATCH_BYTES
            if batch and full:
                yield batch
                batch, size = [], 0
            if draft is not None:
                batch.append(draft)
                size += len(draft.line) + 1
    except Trouble as trouble:
        broken = trouble
    if batch:
        yield batch
    if broken:
        raise broken


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends batches.

    Attributes:
        patience: Seconds to go on trying while the server is busy.
        pause: Waits so many seconds.
        written_in: The format of the articles; `None` for submissions.
    """

    client: ApiClient
    tally: Tally
    patience: float
    pause: Callable[[float], None]
    written_in: str | None = None

    def send(self, batch: list[Draft], *, alone: bool) -> None:
        """Send one batch; an article that was given alone takes the live lane."""
        deadline = time.monotonic() + self.patience
        if alone and not self.written_in:
            self._note_single(batch[0], self.client.patiently(self.client.one(batch[0].line), deadline, self.pause))
            return
        lane = "live" if alone else None
        while batch:
            call = self.client.batch([draft.line for draft in batch], self.written_in, lane)
            response = self.client.patiently(call, deadline, self.pause)
            again = self._note_batch(batch, response)
            if len(again) < len(batch):
                deadline = time.monotonic() + self.patience
            elif time.monotonic() > deadline:
                told = f"The API stayed too busy for {len(batch)} articles."
                raise Trouble(told, "Submit again later.", Exit.UNREACHABLE)
            batch = again
            if batch:
                self.pause(retry_after(response))

    def _note_single(self, draft: Draft, response: httpx.Response) -> None:
        if response.status_code in (401, 403, 404, 405) or response.is_server_error:
            raise refusal(response)
        name = "receipt" if response.is_success else "problem"
        self.tally.add(draft, {"status": response.status_code, name: response.json()})

    def _note_batch(self, batch: list[Draft], response: httpx.Response) -> list[Draft]:
        """Note the answers to a batch; returns those that have to be sent again."""
        document = response.json() if "json" in response.headers.get("Content-Type", "") else {}
        if "items" not in document:
            raise refusal(response)
        again = []
        for draft, item in zip(batch, document["items"], strict=True):
            if item["status"] in BUSY:
                again.append(draft)
            else:
                self.tally.add(draft, item)
        return again
