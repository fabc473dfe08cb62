"""Floods of headers and slow clients: the real server process, seen from a socket."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
import uvicorn
from unit.api.application import CountingWakeups, body, settings

from api import connection, create_app
from api.serve import make_server
from cli.local.ports import free_port
from store import Store

pytestmark = pytest.mark.integration


@pytest.fixture
def port(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of the test's own that loses its patience early."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", 1.5)
    monkeypatch.setattr(connection, "BODY_SECONDS", 1.5)
    monkeypatch.setattr(connection, "_LOOK_SECONDS", 0.1)
    found = free_port()
    config = settings(api_port=found)
    server: uvicorn.Server = make_server(config, create_app(config, store, CountingWakeups()))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    end = time.monotonic() + 20
    while not server.started and time.monotonic() < end:
        time.sleep(0.02)
    yield found
    server.should_exit = True
    thread.join(timeout=20)


def connect(port: int) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port))
    found.settimeout(10)
    return found


def answer(client: socket.socket) -> bytes:
    """All that the server says before it hangs up."""
    told = b""
    try:
        while piece := client.recv(65_536):
            told += piece
    except ConnectionResetError:
        pass
    return told


def flood(client: socket.socket, piece: bytes, limit: int) -> int:
    """Send until the server hangs up; returns how many bytes it took."""
    sent = 0
    try:
        while sent < limit:
            client.sendall(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


@pytest.mark.parametrize("piece", [b"X-Flood: " + b"a" * 1_000 + b"\r\n", b"a" * 1_000], ids=["many", "one long"])
def test_a_flood_of_headers_is_cut_off_and_costs_no_memory(port: int, piece: bytes) -> None:
    before = psutil.Process().memory_info().rss
    with connect(port) as client:
        client.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: x\r\nX-Long: ")
        flood(client, piece, 60_000_000)
    assert psutil.Process().memory_info().rss - before < 10_000_000
    assert httpx.get(f"http://127.0.0.1:{port}/v1/health/live").status_code == 200


def test_a_large_head_is_a_431(port: int) -> None:
    with connect(port) as client:
        client.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n")
        assert answer(client).startswith(b"HTTP/1.1 431 ")


def test_a_head_of_usual_size_passes(port: int) -> None:
    headers = {f"X-{number}": "v" * 100 for number in range(100)}
    assert httpx.get(f"http://127.0.0.1:{port}/v1/health/live", headers=headers).status_code == 200


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_end_is_a_408(port: int, begun: bytes) -> None:
    started = time.monotonic()
    with connect(port) as client:
        client.sendall(begun)
        assert answer(client).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started < 9, "ten seconds is what it would be without the patch"


def test_a_body_that_comes_drop_by_drop_is_cut_off(port: int) -> None:
    with connect(port) as client:
        client.sendall(
            b"POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        )
        dropping = time.monotonic() + 9
        told = b""
        client.settimeout(0.05)
        while not told and time.monotonic() < dropping:
            client.sendall(b"{")
            try:
                told = client.recv(1_000)
            except TimeoutError:
                continue
    assert told.startswith(b"HTTP/1.1 408 ")


def test_a_connection_may_be_used_again_and_again(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for number in range(3):
            assert client.post("/v1/articles", json=body(number)).status_code == 202
            time.sleep(0.7)
        assert client.get("/v1/health/live").status_code == 200


def test_a_large_body_that_comes_steadily_passes(port: int) -> None:
    text = "word " * 150_000

    def pieces() -> Iterator[bytes]:
        content = httpx.Request("POST", "http://x", json=body(text=text)).content
        for start in range(0, len(content), 100_000):
            yield content[start : start + 100_000]
            time.sleep(0.15)

    response = httpx.post(
        f"http://127.0.0.1:{port}/v1/articles", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 202
