"""The asynchronous client."""

import asyncio
from typing import Any

import httpx
import pytest
from dateline_client import Answer, AsyncClient, ClientError, GaveUp, Kind
from unit.clients.service import Service, refused


def client(service: Service, **options: Any) -> AsyncClient:
    return AsyncClient("http://api.test", transport=service.transport, **options)


def article(number: int = 1, size: int = 10) -> dict[str, Any]:
    return {"url": f"https://news.example/{number}", "text": "x" * size}


async def test_batches_are_cut_and_the_last_one_goes_at_close() -> None:
    service = Service()
    answers: list[Answer] = []
    async with client(service, batch_items=100, batch_seconds=60, on_answer=answers.append) as found:
        for number in range(250):
            await found.submit(article(number), tag=number)
    assert [len(batch) for batch in service.batches] == [100, 100, 50]
    assert [answer.tag for answer in answers] == list(range(250))


async def test_a_batch_goes_after_its_time() -> None:
    answered = asyncio.Event()
    async with client(Service(), batch_seconds=0.05, on_answer=lambda _: answered.set()) as found:
        await found.submit(article())
        await asyncio.wait_for(answered.wait(), 5)


async def test_memory_is_bounded_by_waiting_in_submit() -> None:
    service = Service()
    most = 0
    async with client(service, batch_items=10, buffer_bytes=5_000) as found:
        for number in range(200):
            await found.submit(article(number, 200))
            most = max(most, sum(map(len, found.undelivered)))
    assert most <= 5_000
    assert len(service.lines) == 200


async def test_flush_and_send() -> None:
    async with client(Service(), batch_seconds=60) as found:
        await found.submit(article())
        await found.flush()
        assert found.totals.delivered == 1

        async def several() -> Any:
            yield article(2)
            yield {"title": "no body"}

        answers = await found.send(several())
        answers += await found.send([article(3)])
    assert [answer.kind for answer in answers] == [Kind.ACCEPTED, Kind.REJECTED, Kind.ACCEPTED]


async def test_a_busy_server_is_asked_again() -> None:
    service = Service(refused(503, **{"Retry-After": "0.1"}), httpx.ReadError("reset"))
    async with client(service) as found:
        await found.submit(article())
    assert found.totals.delivered == 1
    assert found.totals.pauses == 2


async def test_what_cannot_be_delivered_is_kept_and_raised() -> None:
    found = client(Service(httpx.ConnectError("refused"), httpx.ConnectError("refused")), patience=0.01)
    await found.submit(article())
    with pytest.raises(GaveUp):
        await found.close()
    assert len(found.undelivered) == 1
    with pytest.raises(ClientError):
        await found.submit(article())
