import time
from pathlib import Path

from workers.hearing import Glance, Hearing
from workers.settings import Settings
from workers.watch import Consumption, Watch

DEAF = Glance(taken=0, running=frozenset(), idle=1, queued=1)


def test_a_watch_touches_the_heartbeat_and_ends_a_worker_that_consumes_no_more(tmp_path: Path) -> None:
    ended: list[bool] = []
    watch = Watch(tmp_path / "beat", Hearing(0, 0), lambda: DEAF, lambda: ended.append((tmp_path / "beat").exists()))
    watch.start()
    deadline = time.monotonic() + 5
    while not ended and time.monotonic() < deadline:
        time.sleep(0.01)
    watch.stop()
    assert ended == [True]


def test_a_broker_that_is_away_is_not_an_empty_queue() -> None:
    config = Settings(_env_file=None, broker_url="redis://127.0.0.1:1/0")  # type: ignore[arg-type]
    assert Consumption(config, 2).glance().queued is None
