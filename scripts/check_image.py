"""Run every part of the image as it is deployed, send an article through, and stop it all.

Usage, as root: ``scripts/check_image.py [NAME]``. Needs buildah and a redis-server that speaks TLS (Debian's), no
container engine: each part runs in a mount namespace of its own over the image's files, which are read-only, as user
10001, without capabilities and without the way to get any. Redis runs on this machine with the files of deploy/redis
and the certificate that scripts/make-secrets makes. Ends with 1 when anything is not as it should be.
"""

# ruff: noqa: S603, T201 - a script for the terminal, whose commands are its own

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
USER = 10001
SAMPLE = ROOT / "samples" / "01-ukraine-aid.txt"
PARTS = {
    "api": ("api", ["python", "-m", "api"]),
    "worker": ("worker", ["python", "-m", "workers"]),
    "keeper": ("worker", ["python", "-m", "workers.keeper"]),
    "webhooks": ("worker", ["python", "-m", "workers.webhooks"]),
    "sink": ("sink", ["dateline", "sink", "files", "/tmp/archive"]),  # noqa: S108
    "flower": ("flower", ["python", "-m", "workers.flower", "--address=127.0.0.1"]),
}
"""Each part's Redis user and command, as in deploy/kubernetes."""
INSIDE = """
set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount --bind /dev "$ROOT/dev"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$ROOT/dev/shm"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o size=256m,mode=1777 tmpfs "$ROOT/tmp"
mount -t tmpfs -o size=1m tmpfs "$ROOT/run"
mkdir -p "$ROOT/run/secrets/redis" "$ROOT/run/secrets/flower"
install -m 0440 -g 10001 "$SECRETS/redis_$ROLE" "$ROOT/run/secrets/redis/password"
install -m 0440 -g 10001 "$SECRETS/tls/ca.crt" "$ROOT/run/secrets/redis/ca.crt"
install -m 0440 -g 10001 "$SECRETS/flower_login" "$ROOT/run/secrets/flower/login"
mount -o remount,bind,ro "$ROOT"
exec chroot "$ROOT" setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all \
    --inh-caps=-all env -i "$@"
"""


class Wrong(Exception):
    """Something is not as it should be."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def eventually(ask: Callable[[], Any], seconds: float, what: str) -> Any:
    """What a question is answered once the answer is not empty."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise Wrong(f"{what} did not come within {seconds:.0f} s")


def output(*command: str | Path) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@dataclass
class Image:
    """The files of the image, and how its processes are configured."""

    root: Path
    environment: list[str]
    secrets: Path
    logs: Path
    redis_port: int
    api_port: int
    flower_port: int
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def _command(self, role: str, command: list[str]) -> tuple[list[str], dict[str, str]]:
        query = "ssl_ca_certs=/run/secrets/redis/ca.crt"
        settings = {
            "DATELINE_REDIS_URL": f"rediss://{role}@127.0.0.1:{self.redis_port}/0?{query}",
            "DATELINE_BROKER_URL": f"rediss://{role}@127.0.0.1:{self.redis_port}/1?{query}",
            "DATELINE_REDIS_PASSWORD_FILE": "/run/secrets/redis/password",
            "DATELINE_FLOWER_LOGIN_FILE": "/run/secrets/flower/login",
            "DATELINE_HEARTBEAT_FILE": "/tmp/heartbeat",  # noqa: S108 - of a namespace of its own
            "DATELINE_STATE_DIR": "/tmp",  # noqa: S108
            "DATELINE_API_PORT": str(self.api_port),
            "DATELINE_API_URL": f"http://127.0.0.1:{self.api_port}",
            "DATELINE_WORKER_CONCURRENCY": "2",
        }
        words = [*self.environment, *(f"{name}={value}" for name, value in settings.items()), *command]
        own = {**os.environ, "ROOT": str(self.root), "SECRETS": str(self.secrets), "ROLE": role}
        return ["unshare", "--mount", "sh", "-c", INSIDE, "sh", *words], own

    def run(self, role: str, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the image to its end."""
        line, own = self._command(role, list(command))
        return subprocess.run(line, env=own, capture_output=True, text=True, timeout=60, check=False)

    def start(self, name: str) -> None:
        """Start a part."""
        role, command = PARTS[name]
        if name == "flower":
            command = [*command, f"--port={self.flower_port}"]
        line, own = self._command(role, command)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(line, env=own, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def resident_mb(self, name: str) -> float:
        """Memory of a part's first process."""
        status = Path(f"/proc/{self.running[name].pid}/status").read_text("ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1000

    def request(self, path: str, token: str = "", body: object = None) -> dict[str, Any]:
        """What the API answers; empty unless it is a success."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.api_port}{path}", data, headers)
        try:
            with urllib.request.urlopen(asked, timeout=40) as answer:  # noqa: S310
                return dict(json.load(answer))
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return {}


def start_redis(folder: Path, secrets: Path, port: int) -> "subprocess.Popen[bytes]":
    """Redis as deploy/kubernetes runs it: TLS only, the users of users.acl."""
    (folder / "data").mkdir()
    (folder / "scratch").mkdir()
    tls = secrets / "tls"
    options = ["--port", "0", "--tls-port", str(port), "--bind", "127.0.0.1", "--tls-auth-clients", "no"]
    options += ["--tls-cert-file", str(tls / "tls.crt"), "--tls-key-file", str(tls / "tls.key")]
    options += ["--tls-ca-cert-file", str(tls / "ca.crt")]
    own = {
        **os.environ,
        "DATELINE_REDIS_CONFIG": str(ROOT / "deploy" / "redis"),
        "DATELINE_SECRETS": str(secrets),
        "DATELINE_REDIS_DATA": str(folder / "data"),
        "TMPDIR": str(folder / "scratch"),
    }
    with (folder / "redis.log").open("wb") as log:
        command = ["sh", str(ROOT / "deploy" / "redis" / "redis-start"), *options]
        return subprocess.Popen(command, env=own, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def told(what: str, since: float) -> None:
    """Say what was seen."""
    print(f"  ✓ {what} ({time.monotonic() - since:.1f} s)")


def confined(image: Image) -> None:
    """The image cannot be changed by what runs in it."""
    since = time.monotonic()
    script = "id -u; grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status; touch /opt/app/x /usr/bin/x 2>&1; true"
    seen = image.run("worker", "sh", "-c", script).stdout.split()
    if seen[0] != str(USER) or seen[2] != "0" * 16 or seen[4] != "0" * 16 or seen[6] != "1":
        raise Wrong(f"it is not confined: {seen}")
    if seen.count("Read-only") != 2:  # noqa: PLR2004 - two files were tried
        raise Wrong(f"its files can be written: {seen}")
    told("user 10001, no capabilities, files read-only", since)


def an_article_goes_through(image: Image, token: str) -> None:
    """One of the samples, from the submission to its result."""
    since = time.monotonic()
    text = SAMPLE.read_text("utf-8")
    article = {"url": "https://check.example/1", "text": text}
    sent = image.request("/v1/articles", token, article)
    if not sent:
        raise Wrong("the article was not accepted")
    path = f"/v1/articles/{sent['id']}"
    result = eventually(lambda: (found := image.request(path, token)).get("outcome") and found, 60, "the result")
    entities, places = len(result["entities"]["entities"]), len(result["geotags"]["places"])
    if result["outcome"] != "done" or not entities or not places or not result["duplicates"]["story_id"]:
        raise Wrong(f"{result['outcome']}, {entities} entities, {places} places")
    told(f"an article went through: done, {entities} entities, {places} places", since)


def stopped(image: Image) -> None:
    """Every part ends when it is told to."""
    for name, process in image.running.items():
        since = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=30)
        if status not in (0, -signal.SIGTERM):
            raise Wrong(f"{name} ended with {status}")
        told(f"{name} stopped when told", since)


def check(image: Image) -> None:
    """Everything, in order."""
    confined(image)
    since = time.monotonic()
    made = image.run(
        "operator", "dateline", "keys", "create", "check", "--scope", "submit", "--scope", "read", "--json"
    )
    if made.returncode:
        raise Wrong(f"no key could be made: {made.stderr[-500:]}")
    token = str(json.loads(made.stdout)["token"])
    told("the operator made a key, through TLS", since)
    since = time.monotonic()
    for name in PARTS:
        image.start(name)
    eventually(lambda: image.request("/v1/health/live"), 60, "the API")
    told("the API answers", since)
    eventually(lambda: image.request("/v1/health/ready"), 90, "readiness")
    told("the workers are ready", since)
    an_article_goes_through(image, token)
    since = time.monotonic()
    verified = image.run("operator", "dateline", "verify")
    if verified.returncode:
        raise Wrong(f"dateline verify: {verified.stdout[-800:]}{verified.stderr[-500:]}")
    told("dateline verify finds nothing", since)
    for name, process in image.running.items():
        if process.poll() is not None:
            raise Wrong(f"{name} has ended with {process.returncode}")
    print("  memory: " + ", ".join(f"{name} {image.resident_mb(name):.0f} MB" for name in image.running))
    stopped(image)


def main(name: str = "dateline:local") -> int:
    """Check an image."""
    for program, package in (("buildah", "buildah"), ("redis-server", "redis-server"), ("unshare", "util-linux")):
        if shutil.which(program) is None:
            sys.stderr.write(f"✗ {program} is not installed.\n  → Debian: apt-get install {package}\n")
            return 6
    os.environ.setdefault("STORAGE_DRIVER", "vfs")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        container = output("buildah", "from", "--pull-never", name)
        stack.callback(subprocess.run, ["buildah", "rm", container], stdout=subprocess.DEVNULL, check=False)
        configuration = json.loads(output("buildah", "inspect", "--type", "image", name))["OCIv1"]["config"]
        secrets = folder / "secrets"
        subprocess.run([ROOT / "scripts" / "make-secrets", secrets], check=True, stdout=subprocess.DEVNULL)
        ports = (free_port(), free_port(), free_port())
        redis = start_redis(folder, secrets, ports[0])
        stack.callback(redis.wait)
        stack.callback(redis.terminate)
        image = Image(Path(output("buildah", "mount", container)), configuration["Env"], secrets, folder, *ports)
        print(f"{name}:")
        try:
            check(image)
        except Wrong as error:
            sys.stderr.write(f"✗ {error}\n")
            for log in sorted(folder.glob("*.log")):
                sys.stderr.write(f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-2000:]}\n")
            return 1
        finally:
            for process in image.running.values():
                process.kill()
                process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
