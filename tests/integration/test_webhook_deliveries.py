"""Webhooks by the real process: killed again and again, beside an endpoint that never answers."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT, RedisServer, article, eventually
from receiver import receiving
from unit.api.application import finish

from schemas import WebhookOrder
from store import Store

pytestmark = pytest.mark.integration
EVENTS = 80
KILLS = 4


def start(redis_server: RedisServer, folder: Path) -> "subprocess.Popen[bytes]":
    own = {
        "DATELINE_REDIS_URL": redis_server.url(0),
        "DATELINE_WEBHOOK_ALLOW": "127.0.0.0/8",
        "DATELINE_WEBHOOK_RETRIES": "0.05,0.05,0.05,0.05,0.05,0.05",
        "DATELINE_WEBHOOK_TIMEOUT": "60",
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "webhooks.log").open("ab") as log:
        command = [sys.executable, "-m", "workers.webhooks"]
        return subprocess.Popen(command, env={**os.environ, **own}, cwd=folder, stderr=log, stdout=log)


def reached(store: Store, hook: str) -> str:
    found = store.webhooks.find(hook)
    return found.webhook.cursor if found else ""


def test_killed_again_and_again_it_loses_nothing_and_keeps_the_order(
    redis_server: RedisServer, real_store: Store, tmp_path: Path
) -> None:
    with receiving() as receiver, receiving() as hanging:
        hanging.pause = threading.Event()
        secret, hook = real_store.webhooks.create(WebhookOrder(url=receiver.url))
        real_store.webhooks.create(WebhookOrder(url=hanging.url))
        receiver.answers = [(503, {}), (302, {"Location": hanging.url}), (500, {})]
        process = start(redis_server, tmp_path)
        try:
            for kill in range(KILLS):
                before = len(receiver.calls)
                for number in range(EVENTS // KILLS):
                    real_store.ledger.accept([article(1_000 * kill + number)])
                    finish(real_store)
                eventually(lambda seen=before: len(receiver.calls) > seen + 3, 60, "calls")  # type: ignore[misc]
                time.sleep(random.random() * 0.05)
                process.kill()
                process.wait(timeout=10)
                real_store.webhooks.enable(hook.id)  # its turn would come back when its lease ends, too late for a test
                process = start(redis_server, tmp_path)
            cursors = [entry.cursor for entry in real_store.feed.page(limit=1_000).items]
            assert len(cursors) == EVENTS
            eventually(lambda: reached(real_store, hook.id) == cursors[-1], 60, "the end")
        finally:
            process.terminate()
            assert process.wait(timeout=60) in {0, -signal.SIGTERM}, "the latter where it had not begun yet"
        events = [call.verified(secret) for call in receiver.calls]
        ids = [event["id"] for event in events]
        assert list(dict.fromkeys(ids)) == cursors, "each one, and in order"
        assert len(ids) <= EVENTS + KILLS + 3, "only what was on its way is sent twice"
        assert all(
            call.headers["webhook-id"] == event["id"] for call, event in zip(receiver.calls, events, strict=True)
        )
        assert 1 <= len(hanging.calls) <= KILLS + 1
