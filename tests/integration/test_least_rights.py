"""The pipeline as it is deployed: TLS, a Redis user with the least rights for each role, Flower with a login."""

import base64
import json
import os
import pickle
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from celery.exceptions import OperationalError
from conftest import ROOT, eventually
from pydantic import SecretStr
from receiver import receiving
from tls import Certificates, make_certificates, speaks_tls, tls_in_front_of, tls_options

from cli.local.ports import free_port
from cli.local.redis_server import find_redis
from schemas import Lane, StageName
from store import Scope, Store, StoreUnavailable
from tasks import pipeline
from workers.app import create_app
from workers.settings import Settings

pytestmark = pytest.mark.integration
MARKER = "zebrafinch"
"""Stands in every article, and must stand in no log."""
LOGIN = ("watcher", "flower-login-secret")


@dataclass
class Installation:
    """Redis with TLS, and the processes that use it."""

    folder: Path
    tls_port: int
    certificates: Certificates
    api: str = ""
    flower: str = ""
    token: str = ""

    def url(self, role: str, database: int = 0) -> str:
        """The address of a database for a role."""
        return f"rediss://{role}:{role}-secret@127.0.0.1:{self.tls_port}/{database}?{self.certificates.query}"

    def client(self, role: str, database: int = 0) -> "redis.Redis":
        """A connection as a role."""
        return redis.Redis.from_url(self.url(role, database))

    def log(self, name: str) -> str:
        """What a process has logged."""
        return (self.folder / f"{name}.log").read_text()


def start_redis(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """Start Redis as the compose file does, with secrets of the test's own."""
    for name in ("bin", "secrets", "data", "scratch"):
        (folder / name).mkdir()
    (folder / "bin" / "redis-server").symlink_to(find_redis().path)
    for role in ("operator", "api", "worker", "flower", "sink"):
        (folder / "secrets" / f"redis_{role}").write_text(f"{role}-secret\n")
    own = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "DATELINE_REDIS_CONFIG": str(ROOT / "deploy" / "redis"),
        "DATELINE_SECRETS": str(folder / "secrets"),
        "DATELINE_REDIS_DATA": str(folder / "data"),
        "TMPDIR": str(folder / "scratch"),
    }
    command = ["sh", str(ROOT / "deploy" / "redis" / "redis-start"), "--bind", "127.0.0.1", *options]
    with (folder / "redis.log").open("wb") as log:
        return subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


@contextmanager
def redis_with_tls(folder: Path, certificates: Certificates) -> Iterator[int]:
    """Redis that only who shows a certificate can speak to; yields its port.

    Redis itself ends TLS where it can. Many machines have one that was built without it: then a proxy does.
    """
    port, itself = free_port(), speaks_tls(find_redis().path)
    server = start_redis(folder, *(tls_options(port, certificates) if itself else ["--port", str(port)]))
    front = nullcontext(port) if itself else tls_in_front_of(port, certificates, known_clients=True)
    try:
        with front as tls_port:
            yield tls_port
    finally:
        end([server])


def start(installation: Installation, role: str, *command: str, **settings: str) -> "subprocess.Popen[bytes]":
    """Start a process of Dateline with the rights of its role."""
    own = {
        "DATELINE_REDIS_URL": installation.url(role, 0),
        "DATELINE_BROKER_URL": installation.url(role, 1),
        "DATELINE_API_PORT": installation.api.rpartition(":")[2],
        "DATELINE_WORKER_CONCURRENCY": "1",
        "DATELINE_LOG_FORMAT": "json",
        "DATELINE_LOG_LEVEL": "DEBUG",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        **settings,
    }
    name = "webhooks" if command[0] == "workers.webhooks" else role
    with (installation.folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command], env={**os.environ, **own}, cwd=installation.folder,
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False


def end(processes: list["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Everything, running."""
    folder = tmp_path_factory.mktemp("installation")
    processes: list[subprocess.Popen[bytes]] = []
    certificates = make_certificates(folder / "tls")
    with redis_with_tls(folder, certificates) as tls_port:
        found = Installation(folder, tls_port, certificates)
        try:
            eventually(lambda: answers(found.client("operator")), 20, "Redis")
            found.token, _ = Store.open(found.url("operator")).access.create("test", frozenset(Scope))
            found.api, found.flower = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
            processes.append(start(found, "api", "api", DATELINE_WEBHOOK_ALLOW="127.0.0.0/8"))
            processes.append(start(found, "worker", "workers.webhooks", DATELINE_WEBHOOK_ALLOW="127.0.0.0/8"))
            processes.append(start(found, "worker", "fake_worker"))
            processes.append(
                start(found, "sink", "cli", "sink", "files", str(folder / "archive"), "--roll-minutes=0.01")
            )
            port_option = f"--port={found.flower.rpartition(':')[2]}"
            processes.append(
                start(
                    found,
                    "flower",
                    "workers.flower",
                    "--address=127.0.0.1",
                    port_option,
                    FLOWER_BASIC_AUTH=":".join(LOGIN),
                )
            )
            eventually(lambda: is_up(f"{found.api}/v1/health/live"), 60, "the API")
            eventually(lambda: is_up(f"{found.flower}/healthcheck"), 60, "Flower")
            yield found
        finally:
            end(processes)


def answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


@pytest.fixture(scope="module")
def client(installation: Installation) -> Iterator[httpx.Client]:
    """A client of the API, after thirty articles have gone through."""
    headers = {"Authorization": f"Bearer {installation.token}"}
    with httpx.Client(base_url=installation.api, headers=headers, timeout=20) as found:
        for number in range(30):
            order = "clean:quarantine" if number % 10 == 0 else ""
            article = {
                "url": f"https://{MARKER}.example/{number}",
                "title": MARKER,
                "text": f"{MARKER} {order} {number}",
            }
            answer = found.post("/v1/articles", json=article, headers={"Idempotency-Key": f"key-{number}"})
            assert answer.status_code == 202, answer.text
        eventually(lambda: len(found.get("/v1/feed").json()["items"]) == 30, 60, "the last outcome")
        yield found


def test_everything_works_with_the_rights_of_each_role(installation: Installation, client: httpx.Client) -> None:
    quarantine = client.get("/v1/operate/quarantine").json()["items"]
    assert len(quarantine) == 3
    assert client.post("/v1/operate/quarantine:drop", json={"articles": [quarantine[0]["id"]]}).json()["changed"] == 1
    assert client.post("/v1/operate/quarantine:retry", json={"articles": [quarantine[1]["id"]]}).json()["changed"] == 1
    assert client.post("/v1/operate/reprocess", json={"dry_run": False}).json()["sent"] == 27
    for path in ("/v1/articles", "/v1/articles?near=50,30", "/v1/operate/audit", "/v1/health/accepting"):
        assert client.get(path).status_code == 200
    eventually(lambda: len(client.get("/v1/articles?outcome=done&limit=200").json()["items"]) == 27, 60, "the last one")
    assert Store.open(installation.url("operator")).verify().sound


def test_the_api_may_look_at_all_that_it_tells_of_the_pipeline(
    installation: Installation, client: httpx.Client
) -> None:
    operator = Store.open(installation.url("operator"))
    operator.client.xgroup_create(operator.keys.feed, "indexer", "0")
    operator.consumers.report("archive", "files", "0-0")
    time.sleep(1.1)  # a look is up to a second old
    seen = client.get("/v1/pipeline").json()
    assert {each["name"] for each in seen["followers"]} >= {"indexer", "archive"}, "beside the sink that runs here"
    operator.consumers.forget("archive")
    assert seen["broker"]
    assert seen["memory"]["used_bytes"] > 0
    assert seen["memory"]["durable"] is not None
    assert "dateline_redis_durable" in client.get("/metrics").text


def test_webhooks_are_called_with_the_rights_of_a_worker(installation: Installation, client: httpx.Client) -> None:
    with receiving() as receiver:
        made = client.post("/v1/operate/webhooks", json={"url": receiver.url, "include": "result"}).json()
        hook = f"/v1/operate/webhooks/{made['webhook']['id']}"
        client.post("/v1/articles", json={"url": "https://hook.example/1", "text": "A text for the hook."})
        eventually(lambda: bool(receiver.calls), 30, "a call")
        assert receiver.calls[0].verified(made["secret"])["data"]["result"]["outcome"] == "done"
        assert client.post(f"{hook}:rotate", json={}).status_code == 200
        assert client.delete(hook).status_code == 204
    assert made["secret"] not in installation.log("webhooks") + installation.log("api")


def test_nobody_was_denied_what_it_needs(installation: Installation, client: httpx.Client) -> None:
    """The clients' names for Redis' own lists are of no use; that Flower may not ask workers anything is the point."""
    denied = [entry for entry in installation.client("operator").acl_log(128) if entry["reason"] != "auth"]
    seen = {(entry["username"], entry["object"].lower()) for entry in denied}
    assert {(who, what) for who, what in seen if what not in {"client", "client|setinfo"}} <= {("flower", "publish")}


def test_a_sink_keeps_results_with_the_rights_of_its_role(installation: Installation, client: httpx.Client) -> None:
    assert client
    archive = installation.folder / "archive"
    eventually(lambda: any(file.stat().st_size for file in archive.rglob("articles_*.ndjson.gz")), 30, "the archive")
    sinks = Store.open(installation.url("operator")).consumers.list()
    assert [(sink.name, sink.missed) for sink in sinks] == [("files", 0)]


FORBIDDEN = [
    ("api", "FLUSHALL"), ("api", "CONFIG GET *"), ("api", "KEYS *"), ("api", "EVAL return 0"), ("api", "SHUTDOWN"),
    ("api", "ACL LIST"), ("api", "SUBSCRIBE x"), ("api", "GET other"), ("api", "MONITOR"), ("api", "REPLICAOF x 1"),
    ("worker", "FLUSHALL"), ("worker", "CONFIG SET maxmemory 1"), ("worker", "HGETALL access:dl"),
    ("worker", "XRANGE audit:dl - +"), ("worker", "EVAL return 0"), ("worker", "DEBUG SLEEP 0"),
    ("sink", "HGETALL access:dl"), ("sink", "ZADD dl:waiting:live 1 x"), ("sink", "XADD dl:feed * a b"),
    ("sink", "SET dl:x 1"), ("sink", "HGET dl:dup:x y"),
    ("flower", "PUBLISH x y"), ("flower", "HGETALL dl:counts"), ("flower", "GET dl:article:x:1"),
    ("flower", "HGET access:dl x"), ("flower", "FLUSHDB"), ("flower", "LPUSH dl:waiting:live x"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "command"), FORBIDDEN)
def test_what_a_role_does_not_need_is_denied(installation: Installation, role: str, command: str) -> None:
    name, *arguments = command.split(" ", 1)
    words = [arguments[0], "0"] if name == "EVAL" else " ".join(arguments).split()
    connection = installation.client(role)
    # FLUSHALL and DEBUG do not even exist in the configuration that is deployed.
    with pytest.raises(redis.ResponseError, match=r"(?i)permission|unknown command"):
        connection.execute_command(name, *words)


@pytest.mark.parametrize(
    "command", ["HSET access:dl mine {}", "DEL access:dl", "DEL audit:dl", "XTRIM audit:dl MAXLEN 0"]
)
def test_the_api_can_make_no_keys_and_change_no_audit_log(installation: Installation, command: str) -> None:
    connection = installation.client("api")
    if find_redis().version < (7, 0):
        rules = (ROOT / "deploy" / "redis" / "users.acl").read_text()
        assert "(+hget +hvals +exists ~access:dl) (+xadd +xrange +xrevrange ~audit:dl)" in rules
        return
    with pytest.raises(redis.exceptions.NoPermissionError):
        connection.execute_command(*command.split())


def test_nobody_comes_in_without_a_name_and_a_password(installation: Installation) -> None:
    for login in ("", ":operator-secret@", "api:wrong@", "default:@"):
        address = f"rediss://{login}127.0.0.1:{installation.tls_port}/0?{installation.certificates.query}"
        with pytest.raises((redis.AuthenticationError, redis.exceptions.NoPermissionError)):
            redis.Redis.from_url(address).set("dl:x", 1)


class Code:
    """What a pickle can carry: a call that happens while it is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.file,))


def test_a_pickle_in_the_broker_is_dropped_and_never_read(
    installation: Installation, client: httpx.Client, tmp_path: Path
) -> None:
    proof = tmp_path / "executed"
    message = {
        "body": base64.b64encode(pickle.dumps(((Code(proof),), {}, {}))).decode(),
        "content-type": "application/x-python-serialize",
        "content-encoding": "binary",
        "headers": {"task": "dateline.clean", "id": "1", "lang": "py"},
        "properties": {
            "delivery_tag": "1", "body_encoding": "base64", "delivery_info": {"exchange": "", "routing_key": "x"},
        },
    }  # fmt: skip
    broker = installation.client("worker", 1)
    queue = f"dl.{pipeline.queue(Lane.LIVE, StageName.CLEAN)}"
    broker.lpush(queue, json.dumps(message))
    eventually(lambda: broker.llen(queue) == 0, 20, "the message being taken")
    answer = client.post("/v1/articles", json={"url": "https://after.example", "text": "After it."})
    status = answer.json()["status_url"]
    eventually(lambda: client.get(status).json().get("outcome") == "done", 30, "the next article")
    assert not proof.exists()


def test_a_server_that_the_authority_does_not_know_is_not_spoken_to(installation: Installation, tmp_path: Path) -> None:
    stranger = make_certificates(tmp_path / "other")
    address = installation.url("api").replace(str(installation.certificates.authority), str(stranger.authority))
    with pytest.raises(StoreUnavailable):
        Store.open(address).ping()


def test_a_client_that_the_authority_does_not_know_is_not_spoken_to(installation: Installation, tmp_path: Path) -> None:
    """With the right password, but without a certificate, or with one of another authority."""
    stranger = make_certificates(tmp_path / "other")
    own = installation.certificates
    known = installation.url("worker")
    unnamed = known.partition("?")[0] + f"?ssl_ca_certs={own.authority}"
    foreign = known.replace(str(own.client_certificate), str(stranger.client_certificate)).replace(
        str(own.client_key), str(stranger.client_key)
    )
    assert redis.Redis.from_url(known).ping()
    for address in (unnamed, foreign):
        with pytest.raises(redis.ConnectionError):
            redis.Redis.from_url(address, socket_timeout=5).ping()
        with pytest.raises(OperationalError):
            create_app(Settings(broker_url=SecretStr(address))).connection().ensure_connection(max_retries=1, timeout=5)


def test_what_goes_over_the_wire_is_not_readable(installation: Installation) -> None:
    with pytest.raises((redis.ConnectionError, redis.TimeoutError)):
        redis.Redis(port=installation.tls_port, socket_timeout=2).ping()


def flower(installation: Installation, path: str, method: str = "GET", auth: Any = LOGIN) -> httpx.Response:
    return httpx.request(method, f"{installation.flower}{path}", auth=auth, timeout=10)


@pytest.mark.parametrize("path", ["/", "/tasks", "/broker", "/api/workers", "/api/tasks"])
def test_flower_asks_for_a_login(installation: Installation, client: httpx.Client, path: str) -> None:
    assert flower(installation, path, auth=None).status_code == 401
    assert flower(installation, path, auth=("watcher", "wrong")).status_code == 401
    assert flower(installation, path).status_code == 200


def test_flower_shows_the_chain_and_no_article(installation: Installation, client: httpx.Client) -> None:
    eventually(lambda: "dateline.dedupe" in flower(installation, "/api/tasks?limit=100").text, 20, "tasks in Flower")
    assert MARKER not in flower(installation, "/api/tasks?limit=1000").text


def test_flower_shows_lane_lease_and_ids_of_a_batch(installation: Installation, client: httpx.Client) -> None:
    table = "/tasks/datatable?draw=1&start=0&length=100&search[value]=&order[0][column]=0&columns[0][data]=name"
    eventually(lambda: "dateline.dedupe" in flower(installation, table).text, 20, "tasks in Flower")
    shown = [task["args"] for task in flower(installation, table).json()["data"] if task["name"] == "dateline.dedupe"]
    found = re.search(r"[a-z2-7]{26}", shown[0])
    assert found
    search = table.replace("search[value]=", f"search[value]=args:{found[0]} OR result:{found[0]}")
    names = {task["name"] for task in flower(installation, search).json()["data"]}
    assert names == {f"dateline.{stage}" for stage in ("clean", "entities", "geotag", "dedupe")}, "the whole chain"
    assert all(re.match(r"(live|bulk|canary) · lease \d+ · \d+ articles?: [a-z2-7]{26}:\d", batch) for batch in shown)


def test_flowers_own_metrics_are_left_out(installation: Installation) -> None:
    """They ask for no login, and would stand beside Dateline's."""
    assert flower(installation, "/metrics", auth=None).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/api/worker/shutdown/worker", "/api/worker/pool/shrink/worker", "/api/task/async-apply/dateline.clean",
     "/api/task/revoke/1", "/api/worker/queue/cancel-consumer/worker?queue=dateline.live.clean"],
)  # fmt: skip
def test_flower_changes_nothing(installation: Installation, client: httpx.Client, path: str) -> None:
    assert flower(installation, path, "POST").status_code == 403


SECRETS = ("operator-secret", "api-secret", "worker-secret", "flower-secret", LOGIN[1])


@pytest.mark.parametrize("name", ["api", "worker", "webhooks", "flower", "redis"])
def test_logs_hold_neither_article_text_nor_secrets(
    installation: Installation, client: httpx.Client, name: str
) -> None:
    token = installation.token.split("_", 2)[2]
    client.post("/v1/articles", content=f'{{"text": "{MARKER}', headers={"Content-Type": "application/json"})
    client.post("/v1/articles", json={"text": MARKER, MARKER: 1})
    client.get(f"/v1/articles/{MARKER}?{MARKER}=1")
    time.sleep(0.2)
    log = installation.log(name)
    assert log
    found = [secret for secret in (*SECRETS, token, MARKER) if secret in log]
    assert not found
    assert not re.search(r"dl_[0-9a-f]{12}_", log)
