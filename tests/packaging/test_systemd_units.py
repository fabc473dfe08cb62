"""The units of systemd say what the code does. `make test-edges` has systemd look at them as well."""

import importlib.util
import re
from pathlib import Path

import pytest
from conftest import ROOT

from api import serve
from workers.settings import Settings

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
EACH = pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)


def values(unit: Path, name: str) -> list[str]:
    """All values of an option, in order."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def environment(unit: Path) -> dict[str, str]:
    """What a unit sets, for the lane live."""
    words = [word for line in values(unit, "Environment") for word in line.replace("%i", "live").split()]
    return dict(word.split("=", 1) for word in words)


def test_there_is_a_unit_for_every_part() -> None:
    parts = {"api", "worker@", "keeper", "webhooks", "flower", "sink"}
    assert {unit.stem for unit in SERVICES} == {f"dateline-{part}" for part in parts}


@EACH
def test_it_starts_a_module_that_exists(unit: Path) -> None:
    [command] = values(unit, "ExecStart")
    program, option, module = command.split()[:3]
    assert (program, option) == ("/opt/dateline/.venv/bin/python", "-m")
    assert importlib.util.find_spec(module)


@EACH
def test_every_setting_exists_and_may_have_its_value(unit: Path) -> None:
    given = {name: value for name, value in environment(unit).items() if name.startswith("DATELINE_")}
    fields = {name.removeprefix("DATELINE_").lower(): value for name, value in given.items()}
    assert fields.keys() <= Settings.model_fields.keys()
    assert Settings(_env_file=None, **{name: value for name, value in fields.items() if "_file" not in name})  # type: ignore[arg-type]


@EACH
def test_its_password_is_the_one_of_its_user(unit: Path) -> None:
    users = set(re.findall(r"^user (\w+) on", (ROOT / "deploy/redis/users.acl").read_text("utf-8"), re.MULTILINE))
    given = environment(unit)
    [user] = {
        re.sub(r"^redis://(\w+)@127\.0\.0\.1:6379/[01]$", r"\1", given[name])
        for name in ("DATELINE_REDIS_URL", "DATELINE_BROKER_URL")
        if name in given
    }
    assert user in users
    assert given["DATELINE_REDIS_PASSWORD_FILE"] == "%d/redis"
    assert f"redis:/etc/dateline/secrets/redis_{user}" in values(unit, "LoadCredential")


@EACH
def test_it_is_started_again_whenever_it_ends(unit: Path) -> None:
    assert values(unit, "Restart") == ["always"]
    assert values(unit, "StartLimitIntervalSec") == ["0"]


@pytest.mark.parametrize("name", ["dateline-worker@", "dateline-keeper", "dateline-webhooks", "dateline-sink"])
def test_what_shows_that_it_lives_is_watched(name: str) -> None:
    unit = FOLDER / f"{name}.service"
    assert int(values(unit, "WatchdogSec")[0]) >= 60, "a worker shows it once its models are loaded"
    assert values(unit, "NotifyAccess") == ["main"]


def test_nothing_is_killed_while_it_stops() -> None:
    grace = Settings.model_fields["stop_grace"].default.total_seconds()
    assert int(values(FOLDER / "dateline-worker@.service", "TimeoutStopSec")[0]) >= grace + 5
    assert int(values(FOLDER / "dateline-api.service", "TimeoutStopSec")[0]) > serve._GRACE_SECONDS


def test_only_webhooks_have_a_way_out() -> None:
    open_ones = {unit.stem for unit in SERVICES if values(unit, "IPAddressDeny") != ["any"]}
    assert open_ones == {"dateline-webhooks"}


def test_redis_gets_the_password_of_every_user() -> None:
    drop_in = ROOT / "deploy" / "redis" / "systemd.conf"
    users = re.findall(r"^user (\w+) on", (ROOT / "deploy" / "redis" / "users.acl").read_text("utf-8"), re.MULTILINE)
    given = [f"redis_{user}:/etc/dateline/secrets/redis_{user}" for user in users]
    assert values(drop_in, "LoadCredential") == given
    read = set(re.findall(r"\$\{(DATELINE_\w+):-", (ROOT / "deploy" / "redis" / "redis-start").read_text("utf-8")))
    assert set(environment(drop_in)) == read


def test_the_target_wants_units_that_exist() -> None:
    wanted = values(FOLDER / "dateline.target", "Wants")[0].split()
    assert wanted
    for name in wanted:
        assert (FOLDER / re.sub(r"@\w+\.", "@.", name)).exists()
