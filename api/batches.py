"""One batch: its lines in chunks, the answer to each line, and the answer if the body breaks off."""

from collections.abc import AsyncIterator

from pydantic import TypeAdapter

from api.intake import refused_item
from api.lines import Line
from api.problems import Kind, Refused, store_refusal
from schemas import Answer, BatchReceipt, Item
from store import StoreFull, StoreUnavailable

_CHUNK_LINES = 200
"""Lines in one round trip: with more, the cost of an article does not fall further."""
_STORE_FAILED = 503
_ITEMS = TypeAdapter(list[Item])
_CHUNK_BYTES = 1024 * 1024
"""Bytes in one round trip, so that long lines do not fill the memory."""


class Batch:
    """Collects the answers to one batch."""

    def __init__(self, max_items: int) -> None:
        self._max_items = max_items
        self._lines = 0
        self._answered = self._accepted = self._existing = 0
        self._written: list[bytes] = []
        """The items as JSON, chunk by chunk: as models, ten thousand of them take 30 MB."""
        self.next_number = 1
        """The line that was being read when the body broke off."""
        self.refused: Refused | None = None
        """Why the body broke off before its first line was answered."""
        self.stopped: Refused | None = None
        """Why the remaining lines are refused: the store failed, too much waits, or a quota is used up."""

    async def chunks(self, lines: AsyncIterator[Line]) -> AsyncIterator[list[Line]]:
        """Group lines for one round trip each.

        Raises:
            Refused: There are too many; also whatever reading them raises. What came before is yielded first.
        """
        chunk: list[Line] = []
        size = 0
        broken: Refused | None = None
        try:
            async for line in lines:
                self._count(line)
                chunk.append(line)
                size += len(line.body or b"")
                if len(chunk) >= _CHUNK_LINES or size >= _CHUNK_BYTES:
                    yield chunk
                    chunk, size = [], 0
        except Refused as refused:
            broken = refused
        if chunk:
            yield chunk
        if broken:
            raise broken

    def _count(self, line: Line) -> None:
        self._lines += 1
        self.next_number = line.number
        if self._lines > self._max_items:
            detail = f"A batch has at most {self._max_items:,} articles; send this line and those after it in another."
            raise Refused(Kind.TOO_LARGE, detail)

    def add(self, items: list[Item]) -> None:
        """Add the answers to a chunk."""
        self._note(items)
        failed = next((item.problem for item in items if item.problem and item.status == _STORE_FAILED), None)
        if failed and not self.stopped:
            full = failed.type == Kind.FULL.urn
            self.stopped = store_refusal(StoreFull() if full else StoreUnavailable())

    def refuse(self, lines: list[Line], refused: Refused) -> None:
        """Refuse lines, and all that follow, for a reason."""
        self.stopped = refused
        self._note([refused_item(line.number, refused) for line in lines])

    def end_early(self, refused: Refused) -> None:
        """Record why the rest was not read: for the whole batch if no line was answered, else for the line reached."""
        if self._answered:
            self._note([refused_item(self.next_number, refused)])
        else:
            self.refused = refused

    def _note(self, items: list[Item]) -> None:
        receipts = [item.receipt for item in items if item.receipt]
        self._answered += len(items)
        self._accepted += len(receipts)
        self._existing += sum(1 for receipt in receipts if receipt.answer is Answer.EXISTING)
        if items:
            self._written.append(_ITEMS.dump_json(items)[1:-1])

    @property
    def whole_refusal(self) -> Refused | None:
        """The problem that answers the whole batch, if no line was accepted and the reason is not in the lines."""
        if self._accepted:
            return None
        nothing = None if self._answered else Refused(Kind.INVALID, "The batch is empty; send at least one article.")
        return self.refused or self.stopped or nothing

    @property
    def status(self) -> int:
        """202 when all lines were accepted, 422 when none was, 207 in between."""
        if not self._accepted:
            return 422
        return 202 if self._accepted == self._answered else 207

    @property
    def headers(self) -> dict[str, str]:
        """The time after which lines that were refused may be sent again."""
        wait = self.stopped.headers.get("Retry-After") if self.stopped else None
        return {"Retry-After": wait} if wait else {}

    def receipt(self) -> bytes:
        """The answers, in the order of the lines: a `BatchReceipt` as JSON."""
        head = BatchReceipt(
            accepted=self._accepted - self._existing,
            existing=self._existing,
            rejected=self._answered - self._accepted,
            items=(),
        )
        return head.model_dump_json().encode().removesuffix(b"]}") + b",".join(self._written) + b"]}"
