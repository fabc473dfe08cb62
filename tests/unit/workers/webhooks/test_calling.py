import asyncio
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from receiver import receiving
from tls import make_certificates, tls_in_front_of

from workers.webhooks._calling import Caller
from workers.webhooks.targets import Targets

HERE = Targets(["127.0.0.0/8"])


@asynccontextmanager
async def calling(targets: Targets = HERE, timeout_s: float = 5.0) -> AsyncIterator[Caller]:
    caller = Caller(targets, timeout_s)
    try:
        yield caller
    finally:
        await caller.close()


async def test_a_call_is_a_post_with_headers_and_body() -> None:
    with receiving() as receiver:
        async with calling() as caller:
            answer = await caller.call(receiver.url, {"webhook-id": "1"}, b"{}")
        assert answer.status == 204
        assert (receiver.calls[0].headers["webhook-id"], receiver.calls[0].body) == ("1", b"{}")


async def test_redirects_are_not_followed() -> None:
    with receiving() as receiver:
        receiver.answers = [(302, {"Location": receiver.url})]
        async with calling() as caller:
            assert (await caller.call(receiver.url, {}, b"{}")).status == 302
        assert len(receiver.calls) == 1


async def test_loopback_is_not_called_unless_it_is_allowed() -> None:
    with receiving() as receiver:
        for targets in (Targets(), Targets(["10.0.0.0/8"])):
            for host in ("127.0.0.1", "localhost", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"):
                async with calling(targets) as caller:
                    answer = await caller.call(receiver.url.replace("127.0.0.1", host), {}, b"{}")
                assert answer.told == "the address may not be called"
        assert receiver.calls == []


async def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers otherwise the second time (DNS rebinding) is not asked a second time."""
    asked: list[str] = []

    async def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.99"
        return [(socket.AF_INET, 1, 6, "", (address, port))]

    monkeypatch.setattr(anyio, "getaddrinfo", rebinding)
    with receiving() as receiver:
        async with calling(Targets(["127.0.0.1/32"])) as caller:
            answer = await caller.call(receiver.url.replace("127.0.0.1", "rebind.example"), {}, b"{}")
        assert answer.status == 204
        assert asked == ["rebind.example"]
        assert receiver.calls[0].headers["host"].startswith("rebind.example:")


async def test_of_several_addresses_only_the_allowed_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async def mixed(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    monkeypatch.setattr(anyio, "getaddrinfo", mixed)
    with receiving() as receiver:
        async with calling(Targets(["127.0.0.0/8"])) as caller:
            assert (await caller.call(receiver.url.replace("127.0.0.1", "two.example"), {}, b"{}")).status == 204
        async with calling(Targets(["10.0.0.0/8"])) as caller:
            assert (await caller.call(receiver.url.replace("127.0.0.1", "two.example"), {}, b"{}")).status is None


async def test_an_endless_answer_is_not_read() -> None:
    with receiving() as receiver:
        receiver.body = b"x" * 50_000_000
        receiver.answers = [(200, {})]
        began = time.monotonic()
        async with calling() as caller:
            assert (await caller.call(receiver.url, {}, b"{}")).status == 200
        assert time.monotonic() - began < 4


async def test_silence_ends_in_time() -> None:
    with receiving() as receiver:
        receiver.pause = threading.Event()
        async with calling(timeout_s=0.3) as caller:
            assert (await caller.call(receiver.url, {}, b"{}")).told == "no answer in time"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://no-such-host.invalid/", "http://127.0.0.1:0/"])
async def test_no_connection_is_an_answer_as_well(url: str) -> None:
    async with calling() as caller:
        answer = await caller.call(url, {}, b"{}")
    assert answer.status is None
    assert answer.told.startswith("no connection")


async def test_tls_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = make_certificates(tmp_path / "tls")
    with receiving() as receiver:
        plain = int(receiver.url.rpartition(":")[2].partition("/")[0])
        with tls_in_front_of(plain, certificates) as port:
            url = f"https://127.0.0.1:{port}/hook"
            async with calling() as caller:
                assert (await caller.call(url, {}, b"{}")).told.startswith("no connection")
            monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
            async with calling() as caller:
                assert (await caller.call(url, {}, b"{}")).status == 204
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


@asynccontextmanager
async def answering(answer: bytes, *, hang: bool) -> AsyncIterator[str]:
    """An endpoint that sends bytes of its own and then goes away, or stays and says no more."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if hang:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        over.set()
        server.close()


@pytest.mark.parametrize("status", [200, 410, 503])
@pytest.mark.parametrize("hang", [False, True])
@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 10\r\n\r\nhalf", b"Transfer-Encoding: chunked\r\n\r\n5\r\nha", b"Content-Length: x\r\n\r\n"],
)
async def test_a_body_that_breaks_off_or_hangs_changes_nothing_about_the_answer(
    status: int, *, hang: bool, body: bytes
) -> None:
    readable = b"x" not in body
    async with answering(b"HTTP/1.1 %d Well\r\nRetry-After: 7\r\n" % status + body, hang=hang) as url:
        began = time.monotonic()
        async with calling(timeout_s=20) as caller:
            answer = await caller.call(url, {}, b"{}")
    assert answer.status == (status if readable else None)
    assert answer.retry_after == ("7" if readable else "")
    assert time.monotonic() - began < 4
