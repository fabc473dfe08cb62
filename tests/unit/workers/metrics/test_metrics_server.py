import http.client
import socket
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from workers.metrics import CONTENT_TYPE, Instruments, MetricsServer, Origin, serve
from workers.metrics import server as module
from workers.settings import Settings


def settings(**fields: object) -> Settings:
    return Settings(_env_file=None, **fields)  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[MetricsServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = serve(settings(metrics_port=port), Instruments(Origin.KEEPER))
    assert started
    yield started
    started.shutdown()
    started.server_close()


def ask(server: MetricsServer, path: str, method: str = "GET") -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("Content-Type"), body


def test_without_a_port_nothing_listens() -> None:
    assert serve(settings(), Instruments(Origin.KEEPER)) is None


def test_metrics_are_served(server: MetricsServer) -> None:
    status, media_type, body = ask(server, "/metrics")
    assert (status, media_type) == (200, CONTENT_TYPE)
    assert b"dateline_build_info" in body


def test_nothing_else_is_served(server: MetricsServer) -> None:
    assert ask(server, "/")[0] == 404
    assert ask(server, "/metrics", "POST")[0] == 501
    assert ask(server, "/metrics?name=x")[0] == 200


def test_it_listens_on_loopback_unless_told_otherwise(server: MetricsServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_logged_and_work_goes_on(server: MetricsServer) -> None:
    with capture_logs() as logs:
        assert serve(settings(metrics_port=server.server_address[1]), Instruments(Origin.KEEPER)) is None
    assert [line["event"] for line in logs] == ["metrics.port_refused"]


def test_connections_that_say_nothing_are_bounded_and_closed(
    server: MetricsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Handler, "timeout", 0.5)
    silent = [socket.create_connection(server.server_address[:2]) for _ in range(module._AT_ONCE + 2)]
    try:
        for each in silent:
            each.settimeout(5)
        started = time.monotonic()
        assert all(each.recv(1) == b"" for each in silent), "closed, at once or after a while"
        assert time.monotonic() - started < 5
        assert ask(server, "/metrics")[0] == 200
    finally:
        for each in silent:
            each.close()
