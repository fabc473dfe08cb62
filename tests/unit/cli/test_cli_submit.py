import gzip
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from unit.cli.service import Recorder, client, problem, receipt

from cli import sending
from cli.api_client import retry_after
from cli.drafts import Draft
from cli.errors import Trouble
from cli.exits import Exit
from cli.sending import batches
from cli.submit import Manner, submit


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Article {number}.")
    return tmp_path


def test_one_article_goes_alone_to_the_live_lane(folder: Path) -> None:
    api = Recorder()
    assert submit([str(folder / "0.txt")], Manner(1, as_json=False), client(api)) is Exit.OK
    assert [request.url.path for request in api.requests] == ["/v1/articles"]


def test_several_articles_go_as_one_gzipped_batch_with_the_key(folder: Path) -> None:
    api = Recorder()
    assert submit([str(folder)], Manner(1, as_json=False), client(api)) is Exit.OK
    (request,) = api.requests
    assert request.url.path == "/v1/articles:batch"
    assert request.headers["Content-Encoding"] == "gzip"
    assert request.headers["Authorization"] == "Bearer dl_key"
    assert [line["text"] for line in api.lines] == ["Article 0.", "Article 1.", "Article 2."]


def test_a_rejected_article_is_named_and_ends_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.json").write_text('{"title": "no body"}')
    assert submit([str(folder)], Manner(1, as_json=False), client(Recorder())) is Exit.FOUND
    told = capsys.readouterr().out
    assert "4 articles: 3 new, 1 rejected" in told
    assert "bad.json: no body" in told


def test_what_was_sent_is_told_with_the_way_to_see_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit([str(folder)], Manner(1), client(Recorder()))
    assert f"dateline show article2  {folder / '1.txt'}" in capsys.readouterr().out


def test_ids_too_many_to_list_are_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (json.dumps({"text": f"Article {number}."}) for number in range(sending.SHOWN_IDS + 1))
    (tmp_path / "many.ndjson").write_text("\n".join(lines))
    submit([str(tmp_path / "many.ndjson")], Manner(1), client(Recorder()))
    told = capsys.readouterr().out
    assert "dateline show" not in told
    assert "dateline tail --from-start" in told


def test_json_lists_every_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit([str(folder)], Manner(1, as_json=True), client(Recorder()))
    document = json.loads(capsys.readouterr().out)
    assert document["answers"] == {"accepted": 3}
    assert [item["id"] for item in document["items"]] == ["article1", "article2", "article3"]


def _once_busy(busy: httpx.Response) -> tuple[list[str], Callable[[httpx.Request], httpx.Response]]:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return busy if len(seen) == 1 else httpx.Response(202, json=receipt(1))

    return seen, answer


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_after_the_time_it_names(
    folder: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    seen, answer = _once_busy(httpx.Response(status, headers={"Retry-After": "7"}))
    assert submit([str(folder / "0.txt")], Manner(60, as_json=True), client(answer)) is Exit.OK
    assert len(seen) == 2
    assert waits == [7.0]


def test_a_server_that_stays_busy_is_told_as_unreachable(folder: Path) -> None:
    busy = httpx.Response(503, json=problem(503, "Too busy"), headers={"Retry-After": "9"})
    with pytest.raises(Trouble, match="Too busy") as trouble:
        submit([str(folder)], Manner(5, as_json=False), client(lambda _: busy))
    assert trouble.value.exit_code is Exit.UNREACHABLE
    assert "9 s" in trouble.value.next_step


def test_only_the_articles_that_found_no_room_are_sent_again(folder: Path) -> None:
    api = Recorder()

    def first_is_full(request: httpx.Request) -> httpx.Response:
        response = api(request)
        if len(api.requests) > 1:
            return response
        items = response.json()["items"]
        items[1] = {"line": 2, "status": 503, "problem": problem(503, "Full")}
        return httpx.Response(207, json={"items": items})

    assert submit([str(folder)], Manner(30, as_json=True), client(first_is_full)) is Exit.OK
    assert [line["text"] for line in api.lines[3:]] == ["Article 1."]


def test_a_wrong_key_is_told_with_the_way_to_a_right_one(folder: Path) -> None:
    refused = httpx.Response(401, json=problem(401, "A valid access key is needed"))
    with pytest.raises(Trouble) as trouble:
        submit([str(folder)], Manner(1, as_json=False), client(lambda _: refused))
    assert trouble.value.exit_code is Exit.REFUSED
    assert "dateline keys create" in trouble.value.next_step


def test_an_api_that_is_not_there_is_told_at_once(folder: Path) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Trouble, match="cannot be reached") as trouble:
        submit([str(folder)], Manner(300, as_json=False), client(gone))
    assert trouble.value.exit_code is Exit.UNREACHABLE
    assert "dateline up" in trouble.value.next_step


def test_a_connection_that_breaks_midway_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_BATCH_ARTICLES", 2)
    api = Recorder()
    calls: list[int] = []

    def breaks_once(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        if len(calls) == 2:
            raise httpx.ReadError("reset")
        return api(request)

    assert submit([str(folder)], Manner(30, as_json=True), client(breaks_once)) is Exit.OK
    assert len(api.lines) == 3


def test_batches_are_bounded_in_number_and_size() -> None:
    small = [Draft("a", b"x")] * 1_200
    assert [len(batch) for batch in batches(small)] == [500, 500, 200]
    large = [Draft("a", b"x" * 3_000_000)] * 5
    assert [len(batch) for batch in batches(large)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.1),
        ("9999", 60.0),
        ("", 2.0),
        ("soon", 2.0),
        ("nan", 2.0),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 30.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_bounded(header: str, seconds: float) -> None:
    response = httpx.Response(503, headers={"Retry-After": header} if header else {})
    assert retry_after(response, now=0) == pytest.approx(seconds)


def test_every_try_of_a_batch_carries_the_same_key(folder: Path) -> None:
    seen: list[str] = []
    api = Recorder()

    def busy_once(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        return httpx.Response(503, headers={"Retry-After": "1"}) if len(seen) == 1 else api(request)

    assert submit([str(folder)], Manner(60), client(busy_once)) is Exit.OK
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_a_format_goes_along_also_with_a_single_article(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        item = {"line": 1, "status": 202, "receipt": receipt(1), "format": "rss"}
        return httpx.Response(202, json={"items": [item]})

    assert submit([str(folder / "0.txt")], Manner(written_in="auto"), client(answer)) is Exit.OK
    assert asked == ["http://api.test/v1/articles:batch?format=auto&lane=live"]
    assert "Read as: 1 rss." in capsys.readouterr().out


def test_warnings_are_summed_up(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warned = receipt(1) | {"warnings": [{"field": "published_at", "code": "unreadable", "message": "was dropped"}]}

    def answer(request: httpx.Request) -> httpx.Response:
        items = [{"line": n, "status": 202, "receipt": warned} for n in (1, 2, 3)]
        return httpx.Response(202, json={"items": items})

    submit([str(folder)], Manner(), client(answer))
    assert "3 with the warning: published_at unreadable" in capsys.readouterr().out


def test_with_a_state_file_only_what_is_new_is_sent(tmp_path: Path) -> None:
    lines, state = tmp_path / "crawl.ndjson", tmp_path / "state.json"
    lines.write_text('{"text": "one"}\n{"text": "two"}\n')
    api = Recorder()
    for _ in range(2):
        submit([str(lines)], Manner(state=state), client(api))
    with lines.open("a") as stream:
        stream.write('{"text": "three"}\n')
    submit([str(lines)], Manner(state=state), client(api))
    assert [line["text"] for line in api.lines] == ["one", "two", "three"]


def test_what_broke_off_goes_on_after_the_last_answered_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_BATCH_ARTICLES", 2)
    lines, state = tmp_path / "crawl.ndjson", tmp_path / "state.json"
    lines.write_text("".join(f'{{"text": "{n}"}}\n' for n in range(6)))
    api = Recorder()
    calls: list[int] = []

    def breaks(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(401, json=problem(401, "No key")) if len(calls) == 2 else api(request)

    with pytest.raises(Trouble):
        submit([str(lines)], Manner(state=state), client(breaks))
    submit([str(lines)], Manner(state=state), client(breaks))
    assert [line["text"] for line in api.lines] == ["0", "1", "2", "3", "4", "5"]


def test_what_came_before_a_damage_is_sent(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f'{{"text": "{n} {os.urandom(99).hex()}"}}\n' for n in range(2_000)).encode())
    (tmp_path / "cut.ndjson.gz").write_bytes(packed[:-20_000])
    api = Recorder()
    with pytest.raises(Trouble, match="damaged"):
        submit([str(tmp_path / "cut.ndjson.gz")], Manner(), client(api))
    assert len(api.lines) > 1_500


def test_single_answers_are_not_kept_unless_somebody_asks(tmp_path: Path) -> None:
    tally = sending.Tally()
    for number in range(50):
        tally.add(Draft(str(number), b"{}"), {"status": 422, "problem": problem(422, "No")})
    assert (len(tally.items), len(tally.rejected), tally.count) == (0, sending.SHOWN_PROBLEMS, 50)


@pytest.mark.parametrize("sources", [["-"], ["a", "b"], ["."]])
def test_following_takes_one_file(sources: list[str]) -> None:
    with pytest.raises(Trouble, match="one file of lines"):
        submit(sources, Manner(follow=True), client(Recorder()))


def test_following_sends_what_is_written_until_it_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, state = tmp_path / "crawl.ndjson", tmp_path / "state.json"
    lines.write_text('{"text": "one"}\n')
    api = Recorder()

    def writes_more(request: httpx.Request) -> httpx.Response:
        response = api(request)
        if len(api.lines) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            with lines.open("a") as stream:
                stream.write(f'{{"text": "after {len(api.lines)}"}}\n')
        return response

    assert submit([str(lines)], Manner(follow=True, state=state), client(writes_more)) is Exit.OK
    assert [line["text"] for line in api.lines] == ["one", "after 1", "after 2"]
    assert "articles: " in capsys.readouterr().out
    assert all(request.url.path.endswith(":batch") for request in api.requests)
