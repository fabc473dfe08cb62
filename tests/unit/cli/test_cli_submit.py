import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from unit.cli.service import Recorder, client, problem, receipt

from cli import submit as module
from cli.api_client import retry_after
from cli.errors import Trouble
from cli.exits import Exit
from cli.reading import Draft
from cli.submit import batches, submit


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
    assert submit([str(folder / "0.txt")], patience=1, as_json=False, client=client(api)) is Exit.OK
    assert [request.url.path for request in api.requests] == ["/v1/articles"]


def test_several_articles_go_as_one_gzipped_batch_with_the_key(folder: Path) -> None:
    api = Recorder()
    assert submit([str(folder)], patience=1, as_json=False, client=client(api)) is Exit.OK
    (request,) = api.requests
    assert request.url.path == "/v1/articles:batch"
    assert request.headers["Content-Encoding"] == "gzip"
    assert request.headers["Authorization"] == "Bearer dl_key"
    assert [line["text"] for line in api.lines] == ["Article 0.", "Article 1.", "Article 2."]


def test_a_rejected_article_is_named_and_ends_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.json").write_text('{"title": "no body"}')
    assert submit([str(folder)], patience=1, as_json=False, client=client(Recorder())) is Exit.FOUND
    told = capsys.readouterr().out
    assert "4 articles: 3 new, 1 rejected" in told
    assert "bad.json: no body" in told


def test_json_lists_every_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit([str(folder)], patience=1, as_json=True, client=client(Recorder()))
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
    monkeypatch.setattr(module.time, "sleep", waits.append)
    seen, answer = _once_busy(httpx.Response(status, headers={"Retry-After": "7"}))
    assert submit([str(folder / "0.txt")], patience=60, as_json=True, client=client(answer)) is Exit.OK
    assert len(seen) == 2
    assert waits == [7.0]


def test_a_server_that_stays_busy_is_told_as_unreachable(folder: Path) -> None:
    busy = httpx.Response(503, json=problem(503, "Too busy"), headers={"Retry-After": "9"})
    with pytest.raises(Trouble, match="Too busy") as trouble:
        submit([str(folder)], patience=5, as_json=False, client=client(lambda _: busy))
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

    assert submit([str(folder)], patience=30, as_json=True, client=client(first_is_full)) is Exit.OK
    assert [line["text"] for line in api.lines[3:]] == ["Article 1."]


def test_a_wrong_key_is_told_with_the_way_to_a_right_one(folder: Path) -> None:
    refused = httpx.Response(401, json=problem(401, "A valid access key is needed"))
    with pytest.raises(Trouble) as trouble:
        submit([str(folder)], patience=1, as_json=False, client=client(lambda _: refused))
    assert trouble.value.exit_code is Exit.REFUSED
    assert "dateline keys create" in trouble.value.next_step


def test_an_api_that_is_not_there_is_told_at_once(folder: Path) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Trouble, match="cannot be reached") as trouble:
        submit([str(folder)], patience=300, as_json=False, client=client(gone))
    assert trouble.value.exit_code is Exit.UNREACHABLE
    assert "dateline up" in trouble.value.next_step


def test_a_connection_that_breaks_midway_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH_ARTICLES", 2)
    api = Recorder()
    calls: list[int] = []

    def breaks_once(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        if len(calls) == 2:
            raise httpx.ReadError("reset")
        return api(request)

    assert submit([str(folder)], patience=30, as_json=True, client=client(breaks_once)) is Exit.OK
    assert len(api.lines) == 3


def test_batches_are_bounded_in_number_and_size() -> None:
    small = [Draft("a", b"x")] * 1_200
    assert [len(batch) for batch in batches(small)] == [500, 500, 200]
    large = [Draft("a", b"x" * 3_000_000)] * 5
    assert [len(batch) for batch in batches(large)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.1), ("9999", 60.0), ("", 2.0), ("soon", 2.0), ("Thu, 01 Jan 1970 00:00:30 GMT", 30.0)],
)
def test_retry_after_is_read_as_seconds_or_date_and_bounded(header: str, seconds: float) -> None:
    response = httpx.Response(503, headers={"Retry-After": header} if header else {})
    assert retry_after(response, now=0) == pytest.approx(seconds)
