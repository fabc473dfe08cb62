"""Articles that flow for a sink: all kinds of results, revisions, mergers of stories, quarantine, withdrawals."""

import json
import random
from collections.abc import Iterator
from typing import Any

from conftest import article
from contents import AT, clean, entity, relation, riga

from schemas import Failure, FeedSummary, Outcome, Ref, Result, StageName, StageRecord, StageStatus
from store import STAGES, Advance, Query, Store
from store.reprocessing import Reprocessing

WORDS = ("bridge", "river", "mayor", "talks", "strike", "storm", "vote", "budget", "harvest", "summit", "trial")
PLACES = [
    riga(),
    riga(geoname_id=703448, name="Kyiv", latitude=50.45, longitude=30.52, country_code="UA"),
    riga(geoname_id=1853909, name="Osaka", latitude=34.69, longitude=135.5, country_code="JP", admin1_code="JP.32"),
    riga(geoname_id=2179537, name="Wellington", latitude=-41.29, longitude=174.78, country_code="NZ"),
]
NAMES = [("ORG", "NATO"), ("PERSON", "Noriko Hamasaki"), ("LOC", "Riga"), ("ORG", "Überlandwerke"), ("MONEY", "$5")]
FAILURE = Failure(stage=None, error="ValueError", message="It broke.", attempts=1, worker="w", version="0", at=AT)


class Traffic:
    """Publishes to a store, the same with the same seed."""

    def __init__(self, store: Store, seed: int = 1) -> None:
        self._store = store
        self._random = random.Random(seed)
        self._next = 0
        self._published: list[Ref] = []
        self._stories: list[str] = []
        self._decided: dict[Ref, dict[str, Any]] = {}

    def flow(self, articles: int, at_once: int = 20) -> Iterator[int]:
        """Publish bit by bit, with everything that may happen in between; yields how many articles there are."""
        while self._next < articles:
            self._accept(min(at_once, articles - self._next))
            self._work()
            self._disturb()
            yield self._next
        self._work()

    def _accept(self, count: int) -> None:
        new = [article(self._next + number, text=self._text()) for number in range(count)]
        again = self._random.sample(range(self._next), min(3, self._next))
        self._store.ledger.accept([*new, *(article(number, text=self._text()) for number in again)])
        self._next += count

    def _work(self) -> None:
        """Give everything that waits an outcome."""
        while (claim := self._store.ledger.claim(limit=100, max_bytes=10**9, lease_ms=60_000, bulk_share=0.5)).refs:
            bad = {ref for ref in claim.refs if self._random.random() < 0.02}
            for ref in bad:
                self._store.ledger.quarantine(ref, claim.token, FAILURE, FeedSummary(title="T"))
            commits = [commit for ref in claim.refs if ref not in bad for commit in self._commits(ref)]
            self._store.ledger.advance(commits, claim.token, 60_000)
            self._published += claim.refs

    def _disturb(self) -> None:
        for ref in self._random.sample(self._published, min(2, len(self._published))):
            self._store.withdrawals.withdraw(ref)
        wanted = Reprocessing(StageName.CLEAN, Query(outcome=Outcome.DONE))
        self._store.reprocessor.step(wanted, None, self._random.randrange(3) + 1, dry_run=False)

    def _commits(self, ref: Ref) -> Iterator[Advance]:
        outputs = self._outputs(ref)
        for stage in STAGES:
            record = StageRecord(
                stage=stage, status=StageStatus.DONE, version=1, attempts=1, milliseconds=1, finished_at=AT
            )
            text = json.dumps(outputs[stage])
            if stage is not STAGES[-1]:
                yield Advance(ref, record, text)
                continue
            told = {name: outputs[stage].get(name) for name in ("story_id", "merged_stories", "canonical_id")}
            summary = FeedSummary(title="T", **{name: value for name, value in told.items() if value})
            yield Advance(ref, record, text, Outcome.DONE, summary)

    def _outputs(self, ref: Ref) -> dict[StageName, dict[str, Any]]:
        some = self._random
        names = [entity(*pair, some.random()) for pair in some.sample(NAMES, some.randrange(len(NAMES)))]
        return {
            StageName.CLEAN: clean(title=self._text(3), text=self._text(), authors=["A. Author", 'B, "C"\t\\N']),
            StageName.ENTITIES: {"entities": names},
            StageName.GEOTAG: {"places": some.sample(PLACES, some.randrange(len(PLACES)))},
            StageName.DEDUPE: self._decision(ref),
        }

    def _decision(self, ref: Ref) -> dict[str, Any]:
        """What the stage says of a revision, the same whenever it is asked."""
        if ref not in self._decided:
            self._decided[ref] = self._story(ref)
        return self._decided[ref]

    def _story(self, ref: Ref) -> dict[str, Any]:
        """Every fifth begins a story; now and then two become one, as the store's index would say."""
        some = self._random
        if ref.revision == 1 and (len(self._stories) < 3 or some.random() < 0.2):
            self._stories.append(ref.article_id)
        story, merged = some.choice(self._stories), []
        if some.random() < 0.05 and len(set(self._stories)) > 3:
            old = some.choice([one for one in self._stories if one != story])
            self._stories = [one for one in self._stories if one != old]
            merged = [old]
            self._store.client.hset(f"{self._store.keys.prefix}:sty:alias", old, story)
        kind = some.choice(["original", "near", "same_story"])
        return relation(kind, ref.article_id, story_id=story, merged_stories=merged)

    def _text(self, words: int = 40) -> str:
        return " ".join(self._random.choices(WORDS, k=words)).capitalize() + "."


def results(store: Store) -> dict[tuple[str, int], Result]:
    """Everything that a store holds, by id and revision."""
    found: dict[tuple[str, int], Result] = {}
    cursor = None
    while True:
        page = store.listing.page(Query(), cursor, 500)
        found |= {(one.id, one.revision): one for one in page.items if isinstance(one, Result)}
        cursor = page.next_cursor
        if cursor is None:
            return found
