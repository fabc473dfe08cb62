import json
from typing import Any

import httpx
import pytest
from unit.cli.service import client, problem

from cli import tail as module
from cli.errors import Trouble
from cli.tail import entries, line_of, newest_cursor, tail
from schemas import FeedEntry


def entry(number: int, **more: Any) -> dict[str, Any]:
    known = {"cursor": f"{number}-0", "article_id": f"a{number}", "revision": 1, "outcome": "done"}
    return known | {"finished_at": "2026-01-01T12:00:00Z", "title": f"Title {number}", **more}


def page(*numbers: int, more: bool = False, next_cursor: str = "") -> httpx.Response:
    cursor = next_cursor or (f"{numbers[-1]}-0" if numbers else "0-0")
    return httpx.Response(200, json={"items": [entry(n) for n in numbers], "next_cursor": cursor, "more": more})


def stream(*numbers: int) -> httpx.Response:
    text = ": hello\n\n" + "".join(f"id: {n}-0\nevent: outcome\ndata: {json.dumps(entry(n))}\n\n" for n in numbers)
    return httpx.Response(200, text=text, headers={"Content-Type": "text/event-stream"})


def test_entries_are_read_from_events_and_comments_are_passed_over() -> None:
    lines = [": keep-alive", "", "id: 1-0", f"data: {json.dumps(entry(1))}", "", "data: {}", ""]
    assert [found.article_id for found in entries(lines)] == ["a1"]


def test_fields_that_a_newer_server_adds_are_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    newer = {"items": [entry(1, mood="sunny")], "next_cursor": "1-0", "more": False, "weather": "fair"}
    tail(
        after=None, from_start=False, once=True, as_json=True, client=client(lambda _: httpx.Response(200, json=newer))
    )
    assert json.loads(capsys.readouterr().out)["article_id"] == "a1"
    assert [found.article_id for found in entries([f"data: {json.dumps(entry(2, mood='sunny'))}", ""])] == ["a2"]


def test_an_event_may_have_several_data_lines() -> None:
    text = json.dumps(entry(1), indent=1).splitlines()
    assert [found.cursor for found in entries([*(f"data: {line}" for line in text), ""])] == ["1-0"]


def test_once_prints_all_pages_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    def feed(request: httpx.Request) -> httpx.Response:
        return page(1, 2, more=True) if request.url.params["after"] == "0-0" else page(3)

    tail(after=None, from_start=False, once=True, as_json=True, client=client(feed))
    assert [json.loads(line)["article_id"] for line in capsys.readouterr().out.splitlines()] == ["a1", "a2", "a3"]


def test_following_goes_on_after_the_last_entry_when_the_connection_breaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    asked: list[str] = []

    def feed(request: httpx.Request) -> httpx.Response:
        if request.headers["Accept"] != "text/event-stream":
            return page(1)
        asked.append(request.headers["Last-Event-ID"])
        if len(asked) == 2:
            raise httpx.ReadError("reset")
        if len(asked) == 4:
            raise KeyboardInterrupt
        return stream(2) if len(asked) == 1 else stream(3)

    with pytest.raises(KeyboardInterrupt):
        tail(after=None, from_start=True, once=False, as_json=False, client=client(feed))
    assert asked == ["1-0", "2-0", "2-0", "3-0"]
    told = capsys.readouterr()
    assert [line.split()[-1] for line in told.out.splitlines()] == ["1", "2", "3"]
    assert "dateline tail --after 3-0" in told.err


def test_an_api_that_stays_away_ends_following(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "sleep", lambda _: None)

    def feed(request: httpx.Request) -> httpx.Response:
        if request.headers["Accept"] == "text/event-stream":
            raise httpx.ConnectError("refused")
        return page()

    with pytest.raises(Trouble, match="cannot be reached"):
        tail(after=None, from_start=True, once=False, as_json=True, client=client(feed))


def test_a_refused_key_ends_following_at_once() -> None:
    def feed(request: httpx.Request) -> httpx.Response:
        if request.headers["Accept"] == "text/event-stream":
            return httpx.Response(403, json=problem(403, "No"))
        return page()

    with pytest.raises(Trouble, match="403"):
        tail(after="5-0", from_start=False, once=False, as_json=True, client=client(feed))


def test_without_a_cursor_only_what_comes_next_is_followed() -> None:
    def feed(request: httpx.Request) -> httpx.Response:
        assert request.url.params["after"] == "latest"
        return page(next_cursor="9-0")

    assert newest_cursor(client(feed)) == "9-0"


def test_a_copy_says_of_what() -> None:
    copy = FeedEntry.model_validate(entry(2, relation="near", canonical_id="a1"))
    original = FeedEntry.model_validate(entry(1, relation="original", canonical_id="a1"))
    assert "(near of a1)" in line_of(copy).plain
    assert "of a1" not in line_of(original).plain


def test_an_article_of_a_known_story_says_which() -> None:
    later = FeedEntry.model_validate(entry(2, relation="same_story", story_id="a1"))
    first = FeedEntry.model_validate(entry(1, relation="original", story_id="a1"))
    assert "(same story as a1)" in line_of(later).plain
    assert "story" not in line_of(first).plain


def test_a_cursor_that_is_refused_is_not_offered_again(capsys: pytest.CaptureFixture[str]) -> None:
    refused = httpx.Response(422, json=problem(422, "Not valid"))
    with pytest.raises(Trouble):
        tail(after="zzz", from_start=False, once=True, as_json=False, client=client(lambda _: refused))
    assert "Go on from here" not in capsys.readouterr().err


def test_where_to_go_on_is_told_after_what_was_printed(capsys: pytest.CaptureFixture[str]) -> None:
    tail(after="0-0", from_start=False, once=True, as_json=False, client=client(lambda _: page(1, 2)))
    assert "dateline tail --after 2-0" in capsys.readouterr().err


def test_an_api_that_is_away_is_told_without_a_place_to_go_on_from(capsys: pytest.CaptureFixture[str]) -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Trouble, match="cannot be reached"):
        tail(after=None, from_start=False, once=True, as_json=False, client=client(away))
    assert capsys.readouterr().err == ""


def test_it_begins_in_one_place() -> None:
    with pytest.raises(Trouble, match="two places"):
        tail(after="1-0", from_start=True, once=True, as_json=False, client=client(lambda _: page()))
