import asyncio
import os
import signal
from typing import Any

import pytest

from workers.settings import Settings
from workers.webhooks import __main__ as process
from workers.webhooks.deliveries import Deliveries


def settings(**fields: Any) -> Settings:
    return Settings(_env_file=None, **fields)


def test_links_lead_to_the_public_address_or_to_the_one_that_the_command_uses() -> None:
    assert process.manner(settings()).public_url == "http://127.0.0.1:8000"
    assert process.manner(settings(public_url="https://news.example/")).public_url == "https://news.example"


def test_delays_and_bounds_are_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    manner = process.manner(settings(webhook_retries="1,2.5", webhook_timeout="PT3S", webhook_max_bytes=5_000))
    assert (manner.delays, manner.timeout_s, manner.max_bytes) == ((1.0, 2.5), 3.0, 5_000)
    assert manner.lease.total_seconds() == 33


def test_it_runs_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def told_to_stop(_: Deliveries) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(10)

    monkeypatch.setattr(process, "settings", settings)
    monkeypatch.setattr(process.dateline_logging, "configure", lambda _: None)
    monkeypatch.setattr(Deliveries, "run", told_to_stop)
    assert process.main() == 0
