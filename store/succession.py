"""When an original is withdrawn, its oldest copy becomes the original: results and the feed are updated."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import redis

from schemas import Duplicates, Ref, Relation
from store._scripts import Scripts
from store.codec import pack, unpack
from store.duplicates import RedisDuplicateIndex, Succession
from store.errors import translated
from store.keys import Keys

_AT_ONCE: Final = 200
"""Results that are read and written in one round trip each."""


class _Kept(NamedTuple):
    """The parts of a result that name duplicates: packed output of dedupe, and fields of its feed entry."""

    ref: Ref
    output: bytes
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Successions:
    """Takes withdrawn articles out of the duplicate index, and writes their new original into the results of copies."""

    client: "redis.Redis"
    keys: Keys
    scripts: Scripts
    index: RedisDuplicateIndex

    def withdraw(self, ref: Ref) -> int:
        """Take a revision out of the index and update its copies. Idempotent.

        Returns:
            How many results were rewritten.

        Raises:
            schemas.RetryLater: Redis does not answer; run it again.
        """
        succession = self.index.withdraw(ref)
        if succession is None:
            return 0
        refs = (succession.heir, *succession.copies)
        return sum(self._retell(succession, part) for part in _parts(refs))

    def _retell(self, succession: Succession, refs: Sequence[Ref]) -> int:
        pipe = self.client.pipeline(transaction=False)
        queued = 0
        for kept in self._read(refs):
            before = Duplicates.stored(unpack(kept.output))
            after = _succeeded(before, kept.ref, succession)
            if after != before:
                entry = kept.entry | {"relation": after.relation, "canonical_id": after.canonical_id}
                output = pack(after.model_dump_json(exclude_none=True))
                self.scripts.run("retell", str(kept.ref), kept.output, output, json.dumps(entry), pipe=pipe)
                queued += 1
        if not queued:
            return 0
        with translated():
            return sum(pipe.execute())

    def _read(self, refs: Sequence[Ref]) -> Iterator[_Kept]:
        with translated():
            pipe = self.client.pipeline(transaction=False)
            for ref in refs:
                pipe.hmget(self.keys.record(ref), ["output:dedupe", "cursor"])
            found = [(ref, output, cursor) for ref, (output, cursor) in zip(refs, pipe.execute(), strict=True)]
            told = [(ref, output, cursor) for ref, output, cursor in found if output and cursor]
            pipe = self.client.pipeline(transaction=False)
            for _, _, cursor in told:
                pipe.xrange(self.keys.feed, min=cursor, max=cursor)
            entries = pipe.execute() if told else []
        for (ref, output, _), rows in zip(told, entries, strict=True):
            yield _Kept(ref, output, json.loads(rows[0][1][b"entry"]) if rows else {})


def _succeeded(before: Duplicates, ref: Ref, succession: Succession) -> Duplicates:
    """The new relation of a copy of the withdrawn article. A result that names another original is unchanged."""
    if before.canonical_id != succession.withdrawn.article_id:
        return before
    if ref == succession.heir:
        return before.model_copy(update={"relation": Relation.ORIGINAL, "canonical_id": ref.article_id})
    return before.model_copy(update={"canonical_id": succession.heir.article_id})


def _parts(refs: Sequence[Ref]) -> Iterator[Sequence[Ref]]:
    return (refs[start : start + _AT_ONCE] for start in range(0, len(refs), _AT_ONCE))
