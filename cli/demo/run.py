"""The demo from start to end."""

import json
import os
import platform
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.api_client import ApiClient, refusal
from cli.connection import ApiAddress
from cli.demo.checks import Check, checks
from cli.demo.journey import Journey, watch
from cli.demo.presentation import results_table
from cli.demo.samples import Sample, read_samples
from cli.errors import Trouble
from cli.exits import Exit
from cli.local.ports import free_port
from cli.local.services import Ports
from cli.local.stack import Plan, Stack, running_stack
from cli.local.state import LocalInstance, StateDir
from cli.local.up import panel, stay
from cli.output import console, emit
from cli.show import fetch
from cli.submit import progress_bar
from schemas import Result
from store import Store
from workers.settings import settings

_PATIENCE_S = 120.0
_LOOK_S = 0.1


def run_demo(samples: Path, report: Path, *, keep: bool, as_json: bool) -> Exit:
    """Start everything, send the samples through, show and check the results; returns how the command ends."""
    articles = read_samples(samples)
    _make_folder(report)
    config = settings()
    target = console(stderr=as_json)
    plan = Plan(StateDir(config.state_dir / "demo"), _free_ports, config.prefix, from_scratch=True)
    began = time.monotonic()

    def announce(what: str) -> None:
        target.print(f"Starting {what} …", style="dim")

    with running_stack(plan, announce) as (stack, instance):
        started = time.monotonic()
        target.print(
            f"Ready after {started - began:.1f} s: {instance.api_url}/docs and Flower at {instance.flower_url}\n"
        )
        client = ApiClient(ApiAddress(instance.api_url, instance.api_key))
        journey = Journey(_submit(client, articles, stack, target))
        _watch(journey, client, stack, plan.state.logs / "worker.log", target)
        took = time.monotonic() - started
        verdicts = checks(len(articles), journey.results, sound=_sound(instance, config.prefix))
        times = {"start_s": round(started - began, 2), "articles_s": round(took, 2)}
        document = _document(journey.results, verdicts, times)
        _write(report, document)
        if as_json:
            emit(document)
        else:
            _present(journey, verdicts, took, target)
        client.close()
        if keep:
            target.print(panel(instance, plan.state))
            target.print(f"Other commands find it with DATELINE_STATE_DIR={plan.state.path}", style="dim")
            stay(stack, target)
    _say_goodbye(report, target, kept=keep)
    return Exit.OK if all(verdict.passed for verdict in verdicts) else Exit.FOUND


def _free_ports() -> Ports:
    return Ports(redis=free_port(), api=free_port(), flower=free_port())


def _submit(client: ApiClient, articles: list[Sample], stack: Stack, target: Console) -> dict[str, str]:
    ids: dict[str, str] = {}
    with progress_bar(target) as progress:
        for sample in progress.track(articles, description="Submitting"):
            deadline = time.monotonic() + _PATIENCE_S
            response = client.patiently(client.one(sample.line), deadline, stack.signals.sleep)
            if not response.is_success:
                raise refusal(response)
            ids[sample.name] = response.json()["id"]
    target.print(f"{len(ids)} articles submitted; their way through the stages:\n")
    return ids


def _watch(journey: Journey, client: ApiClient, stack: Stack, log: Path, target: Console) -> None:
    deadline = time.monotonic() + _PATIENCE_S

    def rest() -> None:
        stack.check("while the samples were on their way")
        if not journey.complete and time.monotonic() > deadline:
            missing = ", ".join(name for name in journey.ids if name not in journey.results)
            raise Trouble(f"No outcome within {_PATIENCE_S:.0f} s for {missing}.", f"Look into {log}.", Exit.FOUND)
        stack.signals.sleep(_LOOK_S)

    watch(journey, lambda article_id: fetch(client, article_id), rest, target)


def _sound(instance: LocalInstance, prefix: str) -> bool:
    store = Store.open(instance.redis_url, prefix)
    try:
        return store.verify().sound
    finally:
        store.close()


def _document(results: dict[str, Result], verdicts: list[Check], times: dict[str, float]) -> dict[str, Any]:
    passed = sum(verdict.passed for verdict in verdicts)
    metrics = {"samples": len(results), "checks": len(verdicts), "checks_passed": passed, **times}
    return {
        "name": "demo",
        "passed": passed == len(verdicts),
        "metrics": metrics,
        "gates": {"checks_passed": {"min": len(verdicts)}},
        "data": {record.stage.value: record.version for result in results.values() for record in result.stages},
        "machine": {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()},
        "checks": [asdict(verdict) for verdict in verdicts],
        "articles": {name: result.model_dump(mode="json") for name, result in results.items()},
    }


def _make_folder(report: Path) -> None:
    """Make the folder of the report, before anything is started.

    Raises:
        Trouble: It cannot be made, or there is a folder in the report's place.
    """
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        with report.open("ab"):
            pass
    except OSError as error:
        raise Trouble(
            f"{report} cannot be written ({error.strerror}).", "Choose another --report.", Exit.USAGE
        ) from error


def _write(report: Path, document: dict[str, Any]) -> None:
    report.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _present(journey: Journey, verdicts: list[Check], took: float, target: Console) -> None:
    results = {name: journey.results[name] for name in journey.ids}
    target.print()
    target.print(results_table(results))
    target.print(f"{len(results)} articles in {took:.1f} s, from the first submission to the last outcome.\n")
    for verdict in verdicts:
        sign, colour = ("✓", "green") if verdict.passed else ("✗", "red")
        found = "" if verdict.passed else f": {verdict.found}"
        target.print(Text.assemble((f"{sign} ", colour), verdict.name, found))


def _say_goodbye(report: Path, target: Console, *, kept: bool) -> None:
    config = settings()
    target.print(f"\nEverything that was started is stopped. All details: {report}", style="dim")
    if not kept:
        target.print(
            f"`make up` starts it to stay: the desk at http://127.0.0.1:{config.api_port}/, its API at /docs, "
            f"Flower at http://127.0.0.1:{config.flower_port}",
            style="dim",
        )
