"""A real full disk under a sink of files: it says so and ends, and with room again the archive has everything once."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from archive_traffic import Traffic, results
from conftest import ROOT, RedisServer
from pyarrow import parquet

from cli.exits import Exit
from store import Store

pytestmark = pytest.mark.integration
ARTICLES = 100
BOUNDED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
from cli.main import run
sys.argv[1:] = {words!r}
run()
"""
"""No file may grow beyond so many bytes: a write fails as on a full disk, in the middle of what is written."""
UNBOUNDED = -1
FORMATS = {"ndjson": "*.ndjson.gz", "parquet": "*.parquet"}


def sink(server: RedisServer, folder: Path, written_in: str, most: int) -> "subprocess.CompletedProcess[str]":
    words = ["sink", "files", str(folder), "--format", written_in, "--once", "--roll-mb", "0.2"]
    own = {"DATELINE_REDIS_URL": server.url(), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", BOUNDED.format(most=most, words=words)],
        env={**os.environ, **own},
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def kept(folder: Path, written_in: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for file in folder.glob(f"day=*/{FORMATS[written_in]}"):
        if written_in == "parquet":
            found.update(parquet.read_table(file).column("id").to_pylist())
        else:
            with gzip.open(file) as lines:
                found.update(json.loads(line)["id"] for line in lines)
    return found


@pytest.mark.parametrize(("written_in", "most"), [("ndjson", 0), ("ndjson", 5_000), ("parquet", 1_000)])
def test_a_full_disk_is_told_and_costs_nothing(
    redis_server: RedisServer, real_store: Store, tmp_path: Path, written_in: str, most: int
) -> None:
    for _ in Traffic(real_store).flow(ARTICLES):
        pass
    folder = tmp_path / "archive"
    folder.mkdir()
    full = sink(redis_server, folder, written_in, most)
    assert full.returncode == Exit.MACHINE, full.stderr
    assert "cannot be written" in full.stderr
    assert "goes on where it was" in full.stderr
    assert "Traceback" not in full.stderr
    room = sink(redis_server, folder, written_in, UNBOUNDED)
    assert room.returncode == Exit.OK, room.stderr
    whole = kept(folder, written_in)
    assert set(whole) >= {article_id for article_id, _ in results(real_store)}
    assert not [path for path in folder.rglob("*") if path.is_file() and "tmp" in path.name]
