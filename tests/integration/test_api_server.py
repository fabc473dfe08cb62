"""The real server process on a real Redis: what only sockets and signals can show."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from conftest import ROOT, RedisServer, eventually
from unit.api.application import NDJSON, body, finish

from cli.local.ports import free_port
from store import Scope, Store

pytestmark = pytest.mark.integration


@contextmanager
def server(redis_server: RedisServer, folder: Path, **settings: str) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    port = free_port()
    own = {
        "DATELINE_REDIS_URL": redis_server.url(0),
        "DATELINE_BROKER_URL": redis_server.url(1),
        "DATELINE_API_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "api"], env={**os.environ, **own}, cwd=folder, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/v1/health/accepting").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def running(
    _session_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A server that nobody stops, for all tests that only send something."""
    with server(_session_redis, tmp_path_factory.mktemp("api")) as (url, process):
        eventually(lambda: answers(url), 40, "the server")
        yield url, process


def test_it_serves_and_stops_on_a_signal_while_a_stream_is_open(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    with server(redis_server, tmp_path) as (url, process), httpx.Client(base_url=url, timeout=10) as client:
        eventually(lambda: answers(url), 40, "the server")
        assert client.post("/v1/articles", json=body()).status_code == 202
        eventually(lambda: redis_server.client(1).dbsize() > 0, what="a wake-up")
        finish(real_store)
        with client.stream("GET", "/v1/feed", headers={"Accept": "text/event-stream"}) as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("id: "))
            process.send_signal(signal.SIGTERM)
            assert not [line for line in lines if line.startswith("id: ")], "the stream ends without an error"
        assert process.wait(timeout=40) in {0, -signal.SIGTERM}


def test_bad_bodies_get_their_problem_and_the_server_goes_on(
    real_store: Store, running: tuple[str, "subprocess.Popen[bytes]"]
) -> None:
    as_json = {"Content-Type": "application/json"}
    gzipped = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 100_000_000)
    url, process = running
    with httpx.Client(base_url=url, timeout=20) as client:
        assert client.post("/v1/articles", content=b'"' + b"a" * 10_000_000, headers=as_json).status_code == 413
        assert client.post("/v1/articles", content=bomb, headers={**as_json, **gzipped}).status_code == 413
        assert client.post("/v1/articles:batch", content=bomb, headers={**NDJSON, **gzipped}).status_code == 413
        batch = b"\n".join(json.dumps(body(number)).encode() for number in range(1_000))
        answer = client.post("/v1/articles:batch", content=gzip.compress(batch), headers={**NDJSON, **gzipped})
        assert (answer.status_code, answer.json()["accepted"]) == (202, 1_000)
        leave_in_the_middle(url)
        assert client.get("/v1/health/accepting").json()["pending"] == 1_000 == real_store.ledger.backlog().pending
        assert process.poll() is None


def leave_in_the_middle(url: str) -> None:
    """Send half a body and hang up."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as connection:
        head = "POST /v1/articles HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        connection.sendall(head.encode())


AT_ONCE = 8
BATCH = 40


def single(number: int) -> tuple[str, bytes, str]:
    return "/v1/articles", json.dumps(body(number)).encode(), "application/json"


def ndjson(number: int) -> tuple[str, bytes, str]:
    lines = b"\n".join(json.dumps(body(BATCH * number + n)).encode() for n in range(BATCH))
    return "/v1/articles:batch", lines, "application/x-ndjson"


def array(number: int) -> tuple[str, bytes, str]:
    items = json.dumps([body(BATCH * number + n) for n in range(BATCH)]).encode()
    return "/v1/articles:batch", items, "application/json"


Written = Callable[[int], tuple[str, bytes, str]]


def all_at_once(url: str, key: str, requests: list[tuple[str, bytes, str]]) -> list[httpx.Response]:
    """Send requests under one idempotency key at the same instant, each on a connection of its own."""
    barrier = Barrier(len(requests))

    def send(request: tuple[str, bytes, str]) -> httpx.Response:
        path, content, media_type = request
        with httpx.Client(base_url=url, timeout=20) as client:
            client.get("/v1/health/live")
            barrier.wait(timeout=20)
            return client.post(path, content=content, headers={"Content-Type": media_type, "Idempotency-Key": key})

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def done_first(answered: list[httpx.Response]) -> list[httpx.Response]:
    """Those that did the work; the others repeat an answer, or say that there is none yet."""
    waiting = [answer for answer in answered if answer.status_code == 409]
    assert all(answer.json()["type"] == "urn:dateline:problem:in-progress" for answer in waiting)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in waiting)
    return [a for a in answered if a.status_code == 202 and "Idempotency-Replayed" not in a.headers]


@pytest.mark.parametrize("written", [single, ndjson, array])
def test_one_request_sent_many_times_at_the_same_instant_is_done_once(
    real_store: Store, running: tuple[str, "subprocess.Popen[bytes]"], written: Written
) -> None:
    url, _ = running
    per_request = 1 if written is single else BATCH
    for number in range(6):
        answered = all_at_once(url, f"round-{number}", [written(number)] * AT_ONCE)
        [first] = done_first(answered)
        assert {a.status_code for a in answered} <= {202, 409}
        assert {a.content for a in answered if a.status_code == 202} == {first.content}
        [later] = all_at_once(url, f"round-{number}", [written(number)])
        assert (later.content, later.headers["Idempotency-Replayed"]) == (first.content, "true")
        assert real_store.ledger.backlog().accepted == (number + 1) * per_request


@pytest.mark.parametrize("written", [single, ndjson, array])
def test_different_requests_under_one_key_at_the_same_instant_are_one_request_and_refusals(
    real_store: Store, running: tuple[str, "subprocess.Popen[bytes]"], written: Written
) -> None:
    url, _ = running
    for number in range(4):
        requests = [written(AT_ONCE * number + n) for n in range(AT_ONCE)]
        answered = all_at_once(url, f"round-{number}", requests)
        [first] = done_first(answered)
        assert {a.status_code for a in answered} <= {202, 409, 422}
        again = [all_at_once(url, f"round-{number}", [request])[0] for request in requests]
        assert sorted(a.status_code for a in again) == [202] + [422] * (AT_ONCE - 1)
        assert again[answered.index(first)].content == first.content
        reused = {a.json()["type"] for a in again if a.status_code == 422}
        assert reused == {"urn:dateline:problem:key-reused"}
        assert real_store.ledger.backlog().accepted == (number + 1) * (1 if written is single else BATCH)


def test_without_a_key_it_does_not_listen_beyond_loopback(redis_server: RedisServer, tmp_path: Path) -> None:
    with server(redis_server, tmp_path, DATELINE_API_HOST="0.0.0.0") as (_, process):
        assert process.wait(timeout=40) == 2
    assert "create one with" in (tmp_path / "api.log").read_text()


def test_with_a_key_it_listens_everywhere_and_asks_for_it(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    token, _ = real_store.access.create("crawler", frozenset({Scope.SUBMIT}))
    with server(redis_server, tmp_path, DATELINE_API_HOST="0.0.0.0") as (url, _):
        eventually(lambda: answers(url), 40, "the server")
        assert httpx.post(f"{url}/v1/articles", json=body()).status_code == 401
        assert httpx.post(f"{url}/v1/articles", json=body(), headers={"Authorization": f"Bearer {token}"}).is_success
