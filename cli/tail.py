"""``dateline tail``: follows the feed over server-sent events, and goes on where it was when the connection breaks."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from schemas import FeedEntry, FeedPage, Outcome, Relation

_START = "0-0"
_PAGE = 200
_COLOURS = {Outcome.DONE: "green", Outcome.PARTIAL: "yellow", Outcome.QUARANTINED: "red", Outcome.WITHDRAWN: "dim"}
_RECONNECTS = 30
"""Broken connections in a row, two seconds apart at most, before following is given up: a minute."""


def entries(lines: Iterable[str]) -> Iterator[FeedEntry]:
    """The feed entries in a stream of server-sent events; comments and other events are passed over."""
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            document: Any = json.loads("\n".join(data))
            data = []
            if isinstance(document, dict) and "article_id" in document:
                yield FeedEntry.answered(document)


def line_of(entry: FeedEntry) -> Text:
    """One outcome as one line."""
    return Text.assemble(
        (f"{entry.finished_at.astimezone():%H:%M:%S}  ", "dim"),
        (f"{entry.outcome:<11} ", _COLOURS[entry.outcome]),
        (f"{entry.article_id}:{entry.revision}  ", "dim"),
        (f"{entry.language or '··':<3} ", "cyan"),
        entry.title or entry.url or "(no title)",
        (_related(entry), "magenta"),
    )


def _related(entry: FeedEntry) -> str:
    """Of what it is a copy, or whose story it tells."""
    if entry.relation is Relation.SAME_STORY and entry.story_id not in {None, entry.article_id}:
        return f"  (same story as {entry.story_id})"
    copy = entry.relation and entry.canonical_id and entry.canonical_id != entry.article_id
    return f"  ({str(entry.relation).replace('_', ' ')} of {entry.canonical_id})" if copy else ""


class Follower:
    """Prints entries and remembers how far it is."""

    def __init__(self, client: ApiClient, cursor: str, target: Console, *, as_json: bool) -> None:
        self._client = client
        self._target = target
        self._as_json = as_json
        self.cursor = cursor
        self.seen = 0
        self.reached = False

    def _print(self, entry: FeedEntry) -> None:
        if self._as_json:
            emit(entry)
        else:
            self._target.print(line_of(entry), soft_wrap=True)
        self.cursor = entry.cursor
        self.seen += 1

    def catch_up(self) -> None:
        """Print what is there already, page by page."""
        more = True
        while more:
            page = FeedPage.answered(self._client.get("/v1/feed", after=self.cursor, limit=_PAGE))
            self.reached = True
            for entry in page.items:
                self._print(entry)
            more = page.more

    def follow(self) -> None:
        """Print what comes, until interrupted or until the API stays away."""
        broken = 0
        while True:
            before = self.seen
            try:
                with self._client.events(self.cursor) as lines:
                    for entry in entries(lines):
                        self._print(entry)
            except Trouble as trouble:
                if trouble.exit_code != Exit.UNREACHABLE:
                    raise
                broken = 0 if self.seen > before else broken + 1
                if broken > _RECONNECTS:
                    raise
            time.sleep(min(2.0, 0.25 * 2**broken))


def newest_cursor(client: ApiClient) -> str:
    """The cursor behind everything that is in the feed now."""
    return FeedPage.answered(client.get("/v1/feed", after="latest", limit=1)).next_cursor


def tail(*, after: str | None, from_start: bool, once: bool, as_json: bool, client: ApiClient | None = None) -> None:
    """Print the feed from a cursor, from its start, or from now on.

    Raises:
        Trouble: Two beginnings are asked for, or the API cannot be read.
    """
    if after and from_start:
        raise Trouble("It cannot begin in two places.", "Give --after or --from-start.", Exit.USAGE)
    client = client or ApiClient()
    begin = after or (_START if from_start or once else newest_cursor(client))
    follower = Follower(client, begin, console(), as_json=as_json)
    try:
        follower.catch_up()
        if not once:
            follower.follow()
    finally:
        if not as_json and follower.reached and (follower.seen or not after):  # else it is what was typed
            console(stderr=True).print(f"Go on from here with: dateline tail --after {follower.cursor}", style="dim")
