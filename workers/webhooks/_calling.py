"""One call: to an address that was checked, without redirects, with bounds on time and on what is read back.

The only module of the server that opens connections to addresses of somebody's choice. Host names are resolved here and
the connection goes to the very address that was checked: a name that changes between the two (DNS rebinding) gains
nothing. No proxy is used, since a proxy would resolve the name once more.
"""

from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any, Final

import anyio
import httpcore
import httpx

from workers.webhooks._schedule import Answer
from workers.webhooks.targets import Targets

_READ_BYTES: Final = 16 * 1024
"""Bytes of an answer's body that are read and discarded, so that the connection can be used again."""
_READ_S: Final = 1.0
"""For how long a body is read at most."""
_IDLE: Final = 50
"""Connections kept open without a call."""
_IDLE_S: Final = 30.0


class _Refused(httpcore.ConnectError):
    """No address of the host may be called."""


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. TLS still verifies the certificate for the host's name."""

    def __init__(self, targets: Targets, *, tls: bool) -> None:
        self._targets = targets
        self._tls = tls
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await anyio.getaddrinfo(host, port, type=1)
        except OSError as error:
            raise httpcore.ConnectError(type(error).__name__) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [address for address in addresses if self._targets.may_call(address, tls=self._tls)]
        if not allowed:
            raise _Refused("not allowed")
        for address in allowed[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._network.connect_tcp(allowed[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise _Refused("not allowed")

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


class Caller:
    """Makes calls, with a connection pool for each way to connect: https and http may reach different addresses."""

    def __init__(self, targets: Targets, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._pools = {tls: self._pool(targets, tls=tls) for tls in (True, False)}

    @staticmethod
    def _pool(targets: Targets, *, tls: bool) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context() if tls else None,
            max_connections=None,
            max_keepalive_connections=_IDLE,
            keepalive_expiry=_IDLE_S,
            network_backend=_CheckedNetwork(targets, tls=tls),
        )

    async def call(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST a body. Whatever goes wrong is an answer as well."""
        try:
            return await self._post(url, headers, body)
        except TimeoutError:
            return Answer(error="no answer in time")
        except _Refused:
            return Answer(error="the address may not be called")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return Answer(error=f"no connection ({type(error).__name__})")
        except (httpcore.UnsupportedProtocol, ValueError) as error:
            return Answer(error=f"no address that can be called ({type(error).__name__})")

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        pool = self._pools[url.startswith("https:")]
        async with AsyncExitStack() as stack:
            with anyio.fail_after(self._timeout_s):
                call = pool.stream("POST", url, headers=list(headers.items()), content=body)
                response = await stack.enter_async_context(call)
            known = {name.lower(): value for name, value in response.headers}
            answer = Answer(response.status, retry_after=known.get(b"retry-after", b"").decode("ascii", "replace"))
            await _drain(response.stream)
        return answer

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()


async def _drain(stream: Any) -> None:
    """Read and forget a small body; a large, slow or broken one is left, and its connection with it.

    The status has been said by then: what comes of the body changes nothing about it.
    """
    left = _READ_BYTES
    chunks: AsyncIterable[bytes] = stream
    with anyio.move_on_after(_READ_S), suppress(httpcore.NetworkError, httpcore.ProtocolError):
        async for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                return
