import asyncio
import socket
from typing import Any

import pytest
from unit.api.application import CountingWakeups, settings

from api import create_app, serve
from api.waker import Waker
from cli.local.ports import free_port
from store import Scope, Store, StoreUnavailable


def test_beyond_loopback_without_a_key_the_server_does_not_start(store: Store) -> None:
    with pytest.raises(serve.Unprotected, match="create one"):
        serve.check_protection(settings(api_host="0.0.0.0"), store)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_on_loopback_no_key_is_needed(store: Store, host: str) -> None:
    serve.check_protection(settings(api_host=host), store)


def test_beyond_loopback_a_key_is_enough(store: Store) -> None:
    store.access.create("a", frozenset({Scope.READ}))
    serve.check_protection(settings(api_host="0.0.0.0"), store)


@pytest.fixture
def configured(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(serve, "settings", lambda: settings(api_host="0.0.0.0"))
    monkeypatch.setattr(serve.logging, "configure", lambda _: None)
    monkeypatch.setattr(serve.Store, "open", lambda *_: store)
    return store


def test_the_refusal_is_one_line_and_exit_status_2(configured: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main() == 2
    assert capsys.readouterr().err.startswith("dateline api: No access key exists")


def test_without_the_store_the_protection_is_unknown_and_the_exit_status_1(
    configured: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreUnavailable("The result store does not answer.")

    monkeypatch.setattr(configured.access, "any", fail)
    assert serve.main() == 1
    assert "does not answer" in capsys.readouterr().err


def test_a_protected_server_serves(configured: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    configured.access.create("a", frozenset({Scope.READ}))
    served: list[Any] = []
    monkeypatch.setattr(serve.Server, "run", lambda server: served.append(server.config.host))
    assert serve.main() == 0
    assert served == ["0.0.0.0"]


async def test_a_stopping_server_does_not_wait_for_event_streams(store: Store) -> None:
    config = settings(api_port=free_port())
    server = serve.make_server(config, create_app(config, store, CountingWakeups()))
    with socket.create_server(("127.0.0.1", config.api_port)) as listening:
        serving = asyncio.create_task(server._serve([listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        stream, writer = await asyncio.open_connection("127.0.0.1", config.api_port)
        writer.write(b"GET /v1/feed HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        await asyncio.wait_for(stream.readuntil(b"retry: 3000"), 5)
        server.should_exit = True
        await asyncio.wait_for(serving, 5)
        assert (await asyncio.wait_for(stream.read(), 5)).endswith(b"0\r\n\r\n"), "the stream was ended, not cut"
        writer.close()


async def test_wishes_that_come_together_share_one_top_up() -> None:
    wakeups = CountingWakeups()
    waker = Waker(wakeups)
    running = asyncio.create_task(waker.run())
    for _ in range(100):
        waker.wake()
    for _ in range(200):  # a busy machine may take its time for the first
        await asyncio.sleep(0.1)
        if wakeups.calls:
            break
    await asyncio.sleep(0.1)
    running.cancel()
    assert wakeups.calls == 1


async def test_the_waker_outlives_a_failing_broker() -> None:
    wakeups = CountingWakeups(error=ConnectionError("no broker"))
    waker = Waker(wakeups)
    running = asyncio.create_task(waker.run())
    for _ in range(2):
        waker.wake()
        await asyncio.sleep(0.05)
    running.cancel()
    assert wakeups.calls == 2
