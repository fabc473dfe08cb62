"""Files for running Dateline elsewhere are right as far as that can be seen without a container engine."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from ruamel.yaml import YAML

from cli.env_example import document


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return YAML(typ="safe").load(ROOT / "docker-compose.yml")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    program, *arguments = command
    path = str(Path(sys.executable).parent / program)
    return subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_compose_file_follows_its_specification() -> None:
    checked = _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    assert checked.returncode == 0, checked.stdout


def test_the_dockerfile_is_clean() -> None:
    checked = _run("hadolint", "deploy/Dockerfile")
    assert checked.returncode == 0, checked.stdout


def test_compose_runs_every_part(compose: dict[str, Any]) -> None:
    parts = {"redis", "api", "worker", "live-worker", "webhooks", "flower", "sink", "prometheus", "grafana", "operator"}
    assert compose["services"].keys() == parts


SERVICES = ["redis", "api", "worker", "live-worker", "webhooks", "flower", "sink", "prometheus", "grafana", "operator"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_confined_and_watched(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["user"].partition(":")[0] not in ("", "0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["healthcheck"]["test"]
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}


def test_ports_are_published_on_loopback_only(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_secrets_are_files_that_the_script_makes(compose: dict[str, Any], tmp_path: Path) -> None:
    """Compose mounts files; secrets from the environment it would have to copy, which a read-only container refuses."""
    assert {tuple(secret) for secret in compose["secrets"].values()} == {("file",)}
    made = subprocess.run([ROOT / "scripts" / "make-secrets", tmp_path / "secrets"], check=True, capture_output=True)
    assert made.stdout
    for name, secret in compose["secrets"].items():
        size = (tmp_path / secret["file"]).stat().st_size
        assert size == 0 if name == "metrics_key" else size > 16, "an access key only the API's operator can make"
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    again = subprocess.run([ROOT / "scripts" / "make-secrets", tmp_path / "secrets"], check=True, capture_output=True)
    assert again.stdout == b"", "what is there stays"


def test_each_service_is_given_the_secrets_that_it_reads(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        read = set(re.findall(r"/run/secrets/([a-z_]+)", str(service.get("environment"))))
        if name == "prometheus":
            read = {"metrics_key"}  # in its own configuration
        assert read <= set(service.get("secrets", ())) <= set(compose["secrets"]), name
        assert name == "redis" or read == set(service.get("secrets", ())), name
    assert "PASSWORD=" not in (ROOT / "docker-compose.yml").read_text("utf-8")


def test_prometheus_finds_its_files_and_every_service_that_it_asks(compose: dict[str, Any]) -> None:
    configured = YAML(typ="safe").load(ROOT / "deploy" / "prometheus" / "prometheus.yml")
    asked = [found for job in configured["scrape_configs"] for found in job["dns_sd_configs"]]
    assert {name for found in asked for name in found["names"]} <= compose["services"].keys()
    ports = {found["port"] for found in asked for name in found["names"] if name != "api"}
    assert ports == {int(compose["services"]["worker"]["environment"]["DATELINE_METRICS_PORT"])}
    keys = {job["authorization"]["credentials_file"] for job in configured["scrape_configs"] if "authorization" in job}
    assert keys == {f"/run/secrets/{secret}" for secret in compose["services"]["prometheus"]["secrets"]}
    for name in ("prometheus", "grafana"):
        mounted = [volume.split(":")[0] for volume in compose["services"][name]["volumes"]]
        assert all((ROOT / folder).is_dir() for folder in mounted if folder.startswith("./"))


def test_only_the_core_starts_without_a_profile(compose: dict[str, Any]) -> None:
    core = {name for name, service in compose["services"].items() if not service.get("profiles")}
    assert core == {"redis", "api", "worker", "live-worker"}


def test_each_part_has_a_redis_user_of_its_own(compose: dict[str, Any]) -> None:
    def user(service: str) -> str:
        return (
            str(compose["services"][service]["environment"]["DATELINE_BROKER_URL"]).partition("//")[2].partition("@")[0]
        )

    roles = {
        "api": "api",
        "worker": "worker",
        "live-worker": "worker",
        "webhooks": "worker",
        "flower": "flower",
        "sink": "sink",
        "operator": "operator",
    }
    assert {service: user(service) for service in roles} == roles
    assert "DATELINE_REDIS_URL" not in compose["services"]["flower"]["environment"], "Flower sees the broker only"
    users = (ROOT / "deploy" / "redis" / "users.acl").read_text("utf-8")
    assert set(re.findall(r"^user (\w+) on", users, re.MULTILINE)) == set(roles.values())
    assert "user default off" in users


def test_flower_asks_for_a_login_and_changes_nothing(compose: dict[str, Any]) -> None:
    flower = compose["services"]["flower"]
    assert flower["command"][:3] == ["python", "-m", "workers.flower"]
    assert flower["environment"]["DATELINE_FLOWER_LOGIN_FILE"] == "/run/secrets/flower_login"


@pytest.mark.parametrize("version", ["6.2.14", "7.4.0"])
def test_a_part_without_a_password_has_no_user(tmp_path: Path, version: str) -> None:
    """An empty password would be one that everybody knows."""
    for name in ("bin", "secrets", "scratch"):
        (tmp_path / name).mkdir()
    server = tmp_path / "bin" / "redis-server"
    server.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "Redis server v={version}" || cat "$TMPDIR/users.acl"\n'
    )
    server.chmod(0o755)
    (tmp_path / "secrets" / "redis_operator").write_text("known\n")
    (tmp_path / "secrets" / "redis_worker").write_text("\n")
    own = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "DATELINE_REDIS_CONFIG": str(ROOT / "deploy" / "redis"),
        "DATELINE_SECRETS": str(tmp_path / "secrets"),
        "TMPDIR": str(tmp_path / "scratch"),
    }
    command = ["sh", ROOT / "deploy" / "redis" / "redis-start"]
    started = subprocess.run(command, env=own, capture_output=True, text=True, timeout=20, check=True)
    assert re.findall(r"^user (\w+) (\w+)", started.stdout, re.MULTILINE) == [("default", "off"), ("operator", "on")]
    assert hashlib.sha256(b"known").hexdigest() in started.stdout
    assert "nobody can be worker" in started.stderr


def test_redis_keeps_every_write_and_evicts_nothing() -> None:
    settings = (ROOT / "deploy" / "redis" / "redis.conf").read_text("utf-8").splitlines()
    assert "appendonly yes" in settings
    assert "maxmemory-policy noeviction" in settings


def test_the_image_runs_as_a_user_of_its_own_with_the_runtime_lock_only() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert "USER 10001:10001" in text
    assert "requirements-dev" not in text
    assert "--require-hashes requirements.lock" in text


def test_the_example_of_the_environment_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == document(), "run: python -m cli.env_example > .env.example"
