"""The image that `make image` made: its size, and every part of it at work."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT
from edges_tools import run, tool

pytestmark = pytest.mark.edges
NAME = "dateline:local"


@pytest.fixture(scope="module", autouse=True)
def _image() -> None:
    buildah = tool("buildah", "Debian's buildah")
    environment = {"STORAGE_DRIVER": "vfs", **os.environ}
    found = subprocess.run(
        [buildah, "inspect", "--type", "image", NAME], env=environment, capture_output=True, check=False
    )
    if found.returncode:
        pytest.fail(f"{NAME} is missing: run make image, then make test-edges again", pytrace=False)


def test_it_weighs_no_more_than_it_may() -> None:
    weighed = run(ROOT / "scripts" / "image-size", NAME)
    assert weighed.returncode == 0, weighed.stdout + weighed.stderr


def test_every_part_of_it_runs_confined_and_an_article_goes_through() -> None:
    if os.geteuid():
        pytest.fail("only root can make read-only namespaces: run make test-edges as root", pytrace=False)
    tool("redis-server", "Debian's redis-server, which speaks TLS")
    checked = run(sys.executable, ROOT / "scripts" / "check_image.py", NAME, seconds=400)
    assert checked.returncode == 0, checked.stdout + checked.stderr
