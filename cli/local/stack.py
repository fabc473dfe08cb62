"""Starting, watching and stopping everything: whatever happens, what was started here is stopped here."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from cli.errors import Trouble
from cli.local.ports import LOOPBACK
from cli.local.redis_server import RedisConfig, find_redis
from cli.local.services import (
    Ports,
    Service,
    application_services,
    environment,
    live_worker_service,
    redis_service,
    webhooks_service,
)
from cli.local.state import LocalInstance, StateDir
from cli.local.stopping import StopSignals
from store import Scope, Store

_START_S = 60.0
_POLL_S = 0.1
_AGAIN, _AGAIN_S = 3, 120.0
"""What was replaced three times within two minutes is not helped by a fourth time."""
_SCOPES = frozenset(Scope)

Announce = Callable[[str], None]


class Died(Trouble):
    """A process ended that should run."""

    def __init__(self, service: Service, doing: str) -> None:
        process = service.process
        lines = "\n".join(f"      {line}" for line in process.last_lines())
        super().__init__(
            f"{process.name} ended {doing} ({process.ending}). The end of {process.log}:\n{lines}",
            "Everything else was stopped as well. Correct what the log says and start again.",
        )


@dataclass(slots=True)
class Stack:
    """The running processes."""

    signals: StopSignals
    running: list[Service] = field(default_factory=list)
    replaced: dict[str, list[float]] = field(default_factory=dict)
    """When each process was replaced, lately."""

    def start(self, services: Sequence[Service]) -> None:
        """Start processes side by side.

        Raises:
            Trouble: A command cannot be run.
        """
        for service in services:
            try:
                service.process.start()
            except OSError as error:
                raise Trouble(
                    f"{service.process.name} cannot be started ({error}).", "Check the installation."
                ) from error
            self.running.append(service)

    def wait_ready(self, services: Sequence[Service]) -> None:
        """Wait until each of them works.

        Raises:
            Died: One of them ended.
            Trouble: One of them does not get ready.
            Interrupted: Somebody asked to stop.
        """
        missing = list(services)
        deadline = time.monotonic() + _START_S
        while missing:
            self.check("while starting")
            missing = [service for service in missing if not service.is_ready()]
            if missing and time.monotonic() > deadline:
                late = missing[0].process
                raise Trouble(f"{late.name} did not get ready within {_START_S:.0f} s.", f"Look into {late.log}.")
            if missing:
                self.signals.sleep(_POLL_S)

    def check(self, doing: str) -> None:
        """Notice what ended and what was asked.

        Raises:
            Died: A process ended.
            Interrupted: Somebody asked to stop.
        """
        self.signals.check()
        for service in self.running:
            if service.process.exit_code is not None:
                raise Died(service, doing)

    def stay(self, tell: Announce = lambda _: None) -> None:
        """Stay until somebody asks to stop; what ends or hangs meanwhile is replaced, as long as that helps.

        Raises:
            Died: A process ends again and again.
            Interrupted: Somebody asked to stop.
        """
        while True:
            for service in self.running:
                self._replace_if_needed(service, tell)
            self.signals.sleep(_POLL_S)

    def _replace_if_needed(self, service: Service, tell: Announce) -> None:
        process = service.process
        hangs = service.seems_dead()
        if process.exit_code is None and not hangs:
            return
        now = time.monotonic()
        recent = [at for at in self.replaced.get(process.name, []) if now - at < _AGAIN_S]
        if len(recent) >= _AGAIN:
            raise Died(service, "again and again")
        self.replaced[process.name] = [*recent, now]
        tell(
            f"{process.name} {'gives no sign of life' if hangs else f'ended ({process.ending})'}; starting another one"
        )
        process.kill()
        service.forget()
        process.start()

    def stop(self) -> None:
        """Stop everything: first what uses Redis, side by side, then Redis. A second Ctrl-C changes nothing."""
        for wave in (self.running[1:], self.running[:1]):
            for service in wave:
                service.process.ask_to_stop()
            for service in wave:
                service.process.wait()
        self.running.clear()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start."""

    state: StateDir
    choose_ports: Callable[[], Ports]
    """Asked when the state directory is ours: "already running" is a better answer than "port in use"."""
    prefix: str
    concurrency: int | None = None
    live_worker: bool = False
    """Whether the live lane gets a worker of its own, which takes another 0.3 GB."""
    webhooks: bool = False
    """Whether webhooks are called, which takes another 0.1 GB."""
    from_scratch: bool = False
    """Whether what an earlier run left in the store is thrown away."""


@contextmanager
def running_stack(plan: Plan, announce: Announce = lambda _: None) -> Iterator[tuple[Stack, LocalInstance]]:
    """Run a local Dateline for the duration of a ``with`` block."""
    plan.state.prepare()
    with plan.state.locked(), StopSignals() as signals:
        if plan.from_scratch:
            shutil.rmtree(plan.state.redis)
            plan.state.prepare()
        ports = plan.choose_ports()
        stack = Stack(signals)
        try:
            yield stack, _start(stack, plan, ports, announce)
        finally:
            stack.stop()


def _start(stack: Stack, plan: Plan, ports: Ports, announce: Announce) -> LocalInstance:
    server = find_redis()
    announce(f"Redis {'.'.join(map(str, server.version))}")
    config = RedisConfig.fresh(ports.redis, plan.state.redis)
    storage = [redis_service(server, config, plan.state)]
    stack.start(storage)
    stack.wait_ready(storage)
    instance = _introduce(plan, ports, config)
    announce("the API, the workers and Flower")
    settings = environment(config, ports, plan.state, plan.concurrency)
    # Not as an option, which every user of this machine could read in the list of processes.
    settings["FLOWER_BASIC_AUTH"] = instance.flower_login
    services = application_services(ports, plan.state, settings)
    if plan.live_worker:
        services.append(live_worker_service(plan.state, settings))
    if plan.webhooks:
        services.append(webhooks_service(plan.state, settings))
    stack.start(services)
    stack.wait_ready(services)
    return instance


def _introduce(plan: Plan, ports: Ports, config: RedisConfig) -> LocalInstance:
    """Make sure that the owner has an access key, and write down where everything is."""
    known = plan.state.read()
    store = Store.open(config.url(0), plan.prefix)
    try:
        token = known.api_key if known and store.access.find(known.api_key) else None
        if token is None:
            token, _ = store.access.create("local owner", _SCOPES)
    finally:
        store.close()
    instance = LocalInstance(
        pid=os.getpid(),
        api_url=f"http://{LOOPBACK}:{ports.api}",
        flower_url=f"http://{LOOPBACK}:{ports.flower}",
        flower_login=f"dateline:{secrets.token_urlsafe(12)}",
        redis_url=config.url(0),
        broker_url=config.url(1),
        api_key=token,
    )
    plan.state.write(instance)
    return instance
