"""What the clients do with the server's answers, without threads and without waiting."""

import httpx
import pytest
from dateline_client import Answer, GaveUp, Kind, Options, Refused
from dateline_client._buffer import Queued
from dateline_client._delivery import Pause, deliver, retry_after
from unit.clients.service import Service, batch, item, refused


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def talk(service: Service, count: int = 3, **options: object) -> tuple[list[Answer], list[float]]:
    """Deliver articles to a service; returns the answers and the pauses."""
    clock, pauses = Clock(), []
    queued = [Queued(b'{"text":"%d"}' % number, tag=number) for number in range(count)]
    conversation = deliver(queued, Options(**options), clock)  # type: ignore[arg-type]
    heard: httpx.Response | httpx.TransportError | None = None
    with httpx.Client(transport=service.transport) as http:
        while True:
            try:
                step = conversation.send(heard)
            except StopIteration as end:
                return end.value, pauses
            if isinstance(step, Pause):
                pauses.append(step.seconds)
                clock.now += step.seconds
                heard = None
            else:
                try:
                    heard = http.post("http://api.test/", content=step.content, headers=dict(step.headers))
                except httpx.TransportError as error:
                    heard = error


def kinds(answers: list[Answer]) -> list[Kind]:
    return [answer.kind for answer in answers]


def test_every_article_gets_its_answer_in_order() -> None:
    answers, pauses = talk(Service(batch(item(1), item(2, 422), item(3), status=207)))
    assert kinds(answers) == [Kind.ACCEPTED, Kind.REJECTED, Kind.ACCEPTED]
    assert [answer.tag for answer in answers] == [0, 1, 2]
    assert answers[0].id == "article1"
    assert str(answers[1].problem) == "A problem"
    assert not pauses


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says_with_the_same_key(status: int) -> None:
    service = Service(refused(status, **{"Retry-After": "7"}), refused(status, **{"Retry-After": "3"}))
    answers, pauses = talk(service)
    assert kinds(answers) == [Kind.ACCEPTED] * 3
    assert pauses == [7.0, 3.0]
    assert len(set(service.keys)) == 1


def test_a_request_that_is_still_being_answered_is_asked_for_again() -> None:
    service = Service(refused(409, **{"Retry-After": "1"}))
    answers, pauses = talk(service)
    assert (len(answers), pauses) == (3, [1.0])


def test_a_broken_connection_is_tried_again_later_each_time() -> None:
    service = Service(httpx.ReadError("reset"), httpx.ConnectError("refused"), httpx.ReadTimeout("late"))
    answers, pauses = talk(service)
    assert len(answers) == 3
    assert pauses[0] < pauses[1] < pauses[2]
    assert len(set(service.keys)) == 1


def test_only_articles_that_found_no_room_go_again_under_a_new_key() -> None:
    service = Service(batch(item(1), item(2, 503), item(3, 429), **{"Retry-After": "5"}))
    answers, pauses = talk(service)
    assert kinds(answers) == [Kind.ACCEPTED] * 3
    assert pauses == [5.0]
    assert [line["text"] for line in service.lines] == ["1", "2"]
    assert len(set(service.keys)) == 2


def test_patience_ends_with_the_next_step() -> None:
    service = Service(*[refused(503, **{"Retry-After": "30"}) for _ in range(9)])
    with pytest.raises(GaveUp, match=r"submit what `undelivered` holds again"):
        talk(service, patience=100)
    assert len(service.requests) == 4


def test_patience_begins_anew_with_every_answer() -> None:
    first = batch(item(1), item(2, 503), item(3, 503), **{"Retry-After": "50"})
    second = batch(item(1), item(2, 503), **{"Retry-After": "40"})
    answers, pauses = talk(Service(first, second), patience=60)
    assert (len(answers), pauses) == (3, [50.0, 40.0])


def test_a_batch_that_is_too_large_goes_in_halves() -> None:
    service = Service(refused(413))
    answers, _ = talk(service, count=4)
    assert [len(found) for found in service.batches] == [2, 2]
    assert [answer.tag for answer in answers] == [0, 1, 2, 3]


def test_an_article_that_is_too_large_alone_is_rejected() -> None:
    (answer,), _ = talk(Service(refused(413, "Send less.")), count=1)
    assert answer.kind is Kind.REJECTED
    assert str(answer.problem) == "Send less."


def test_lines_that_were_not_read_are_sent_again() -> None:
    """The API ends its items with the line that it did not read: more articles than a batch may have."""
    service = Service(batch(item(1), item(2, 413)))
    answers, _ = talk(service, count=4)
    assert kinds(answers) == [Kind.ACCEPTED] * 4
    assert [line["text"] for line in service.lines] == ["1", "2", "3"]


def test_a_first_line_that_cannot_be_read_is_rejected_and_the_others_go_on() -> None:
    answers, _ = talk(Service(batch(item(1, 413), status=422)), count=2)
    assert kinds(answers) == [Kind.REJECTED, Kind.ACCEPTED]


@pytest.mark.parametrize(
    ("status", "step"), [(401, "keys create"), (403, "scope"), (404, "without /v1"), (302, "address")]
)
def test_a_refused_request_ends_with_a_way_out(status: int, step: str) -> None:
    with pytest.raises(Refused, match=step) as caught:
        talk(Service(refused(status)))
    assert caught.value.status == status


def test_a_server_that_is_not_dateline_is_told() -> None:
    with pytest.raises(Refused, match="address"):
        talk(Service(httpx.Response(200, text="<html>welcome</html>")))


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_that_fails_is_asked_again(status: int) -> None:
    answers, pauses = talk(Service(httpx.Response(status, text="oops")))
    assert (len(answers), len(pauses)) == (3, 1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.1),
        ("9999", 60.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 30.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_bounded(header: str, seconds: float | None) -> None:
    assert retry_after(httpx.Response(503, headers={"Retry-After": header} if header else {}), now=0) == seconds


def test_batches_may_go_uncompressed() -> None:
    service = Service()
    talk(service, compress=False)
    assert "Content-Encoding" not in service.requests[0].headers
    assert service.requests[0].content == b'{"text":"0"}\n{"text":"1"}\n{"text":"2"}\n'
