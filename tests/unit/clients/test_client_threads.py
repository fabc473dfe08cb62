"""The synchronous client: its thread, its buffer, its end."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from dateline_client import Answer, Client, ClientError, GaveUp, Kind, Refused
from unit.clients.service import Service, batch, item, refused


def client(service: Service, **options: Any) -> Client:
    return Client("http://api.test/", key="dl_key", transport=service.transport, **options)


def article(number: int = 1, size: int = 10) -> dict[str, Any]:
    return {"url": f"https://news.example/{number}", "text": "x" * size}


class Gate:
    """A reply that comes when the test opens it."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, lines: list[dict[str, Any]]) -> httpx.Response:
        self.reached.set()
        assert self.open.wait(10)
        return batch(*(item(n) for n in range(1, len(lines) + 1)))


def test_batches_are_cut_by_number_and_the_last_one_goes_at_close() -> None:
    service = Service()
    with client(service, batch_items=100, batch_seconds=60) as found:
        for number in range(250):
            found.submit(article(number))
    assert [len(batch) for batch in service.batches] == [100, 100, 50]
    assert found.totals.delivered == 250
    assert [line["url"] for line in service.lines] == [article(n)["url"] for n in range(250)]


def test_batches_are_cut_by_bytes() -> None:
    service = Service()
    with client(service, batch_bytes=3_000, batch_seconds=60) as found:
        for number in range(7):
            found.submit(article(number, 1_000))
    assert [len(batch) for batch in service.batches] == [2, 2, 2, 1]


def test_a_batch_goes_after_its_time() -> None:
    service = Service()
    answered = threading.Event()
    found = client(service, batch_seconds=0.05, on_answer=lambda _: answered.set())
    found.submit(article())
    assert answered.wait(5)
    assert len(service.batches) == 1
    found.close()


def test_answers_come_with_what_the_article_was_called() -> None:
    answers: list[Answer] = []
    with client(Service(), on_answer=answers.append) as found:
        found.submit(article(1), tag="first")
        found.submit({"title": "no body"}, tag="second")
    assert [(answer.tag, answer.kind) for answer in answers] == [("first", Kind.ACCEPTED), ("second", Kind.REJECTED)]


def test_requests_carry_key_lane_and_format() -> None:
    service = Service()
    with client(service, lane="live", format="rss") as found:
        found.submit({"summary": "x", "link": "https://a.example/1"})
    (request,) = service.requests
    assert str(request.url) == "http://api.test/v1/articles:batch?lane=live&format=rss"
    assert request.headers["Authorization"] == "Bearer dl_key"
    assert request.headers["User-Agent"].startswith("dateline-client/")


def test_a_full_buffer_lets_submit_wait_and_loses_nothing() -> None:
    gate = Gate()
    service = Service(gate)
    found = client(service, batch_items=1, buffer_bytes=2_500)
    for number in range(2):
        found.submit(article(number, 1_000))
    assert gate.reached.wait(5)
    assert not found.offer(article(2, 1_000))
    waiting = threading.Thread(target=found.submit, args=[article(2, 1_000)])
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    gate.open.set()
    waiting.join(5)
    found.close()
    assert [line["url"][-1] for line in service.lines] == ["0", "1", "2"]


def test_who_waits_for_room_is_called_once() -> None:
    gate = Gate()
    called: list[int] = []
    found = client(Service(gate), batch_items=1, buffer_bytes=100)
    found.submit(article(0, 60))
    assert gate.reached.wait(5)
    assert not found.offer(article(1, 60), when_room=lambda: called.append(1))
    gate.open.set()
    found.flush()
    assert called == [1]
    assert found.offer(article(1, 60))
    found.close()
    assert called == [1]


def test_flush_waits_until_all_is_answered() -> None:
    service = Service()
    with client(service, batch_seconds=60) as found:
        found.submit(article())
        found.flush()
        assert found.totals.delivered == 1
        assert not found.undelivered


def test_send_answers_at_once_and_in_order() -> None:
    with client(Service(), batch_items=2) as found:
        answers = found.send([article(1), {"title": "no body"}, article(3)])
    assert [answer.kind for answer in answers] == [Kind.ACCEPTED, Kind.REJECTED, Kind.ACCEPTED]


def test_what_cannot_be_delivered_is_kept_and_raised_from_submit_and_close() -> None:
    found = client(Service(refused(401)), batch_items=1)
    found.submit(article(1))
    with pytest.raises(Refused, match="keys create"):
        found.flush()
    with pytest.raises(Refused):
        found.submit(article(2))
    with pytest.raises(Refused):
        found.close()
    assert b"https://news.example/1" in found.undelivered[0]


def test_patience_without_end_of_the_trouble_is_raised_by_close() -> None:
    gone: list[Any] = [httpx.ConnectError("refused")] * 5
    found = client(Service(*gone), patience=0.01)
    found.submit(article())
    with pytest.raises(GaveUp):
        found.close()
    assert len(found.undelivered) == 1


def test_an_error_of_the_callback_is_not_swallowed() -> None:
    def broken(_: Answer) -> None:
        raise ZeroDivisionError

    found = client(Service(), on_answer=broken)
    found.submit(article())
    with pytest.raises(ZeroDivisionError):
        found.close()


def test_a_closed_client_takes_nothing() -> None:
    found = client(Service())
    found.close()
    found.close()
    with pytest.raises(ClientError, match="closed"):
        found.submit(article())


def test_closing_may_be_bounded() -> None:
    gate = Gate()
    found = client(Service(gate), batch_items=1)
    found.submit(article())
    assert gate.reached.wait(5)
    with pytest.raises(GaveUp, match="1 articles were not delivered within 0 s"):
        found.close(timeout=0.01)
    assert len(found.undelivered) == 1
    gate.open.set()


def test_who_forgets_to_close_still_delivers_at_the_end_of_the_program(tmp_path: Path) -> None:
    program = tmp_path / "forgetful.py"
    program.write_text(
        "import httpx, sys\n"
        "from dateline_client import Client\n"
        "def answer(request):\n"
        "    sys.stdout.write(f'{len(request.content)} bytes delivered')\n"
        "    receipt = {'id': 'a', 'revision': 1, 'answer': 'accepted'}\n"
        "    return httpx.Response(202, json={'items': [{'line': 1, 'status': 202, 'receipt': receipt}]})\n"
        "client = Client('http://api.test', batch_seconds=60, transport=httpx.MockTransport(answer))\n"
        "client.submit({'text': 'Words.'})\n"
    )
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=ROOT / "clients",
        env=os.environ | {"PYTHONPATH": str(ROOT / "clients")},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "bytes delivered" in done.stdout


def test_several_threads_may_submit() -> None:
    service = Service()
    with client(service, batch_items=50, buffer_bytes=5_000) as found:
        threads = [
            threading.Thread(target=lambda start=start: [found.submit(article(start + n)) for n in range(100)])
            for start in range(0, 800, 100)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({line["url"] for line in service.lines}) == 800


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Client(url)


def test_it_pauses_as_long_as_the_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep: Callable[[float], None] = pauses.append
    monkeypatch.setattr("dateline_client._client.time.sleep", sleep)
    with client(Service(refused(503, **{"Retry-After": "7"}))) as found:
        found.submit(article())
    assert pauses == [7.0]
    assert (found.totals.pauses, found.totals.batches, found.totals[Kind.ACCEPTED]) == (1, 1, 1)
