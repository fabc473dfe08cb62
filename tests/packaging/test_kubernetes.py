"""The manifests say what the code does. `make test-edges` builds them with kustomize and holds them against schemas."""

import importlib.util
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from packaging_manifests import (
    FOLDER,
    Workload,
    documents,
    named,
    of_kind,
    ours,
    policies,
    selects,
    settings,
    workloads,
)  # fmt: skip
from typer.testing import CliRunner

from api import serve
from api.routes import health
from cli.main import app
from schemas import Lane
from store import Backlog
from workers.settings import Settings

runner = CliRunner()
OURS = pytest.mark.parametrize("workload", ours(), ids=lambda workload: workload.name)
EVERY = pytest.mark.parametrize("workload", workloads(), ids=lambda workload: workload.name)
SERVING = [workload for workload in workloads() if workload.name != "operator"]
"""The operator's shell sleeps until somebody uses it."""


def test_every_part_runs() -> None:
    parts = {"redis", "api", "worker-live", "worker-bulk", "keeper", "webhooks", "flower", "operator", "sink"}
    assert {workload.name for workload in workloads()} == parts


def test_kustomize_is_told_of_every_file() -> None:
    for folder in ("base", "keda", "sink", "monitoring", "example"):
        [told] = documents(FOLDER / folder / "kustomization.yaml")
        files = {file.name for file in (FOLDER / folder).glob("*.yaml")} - {"kustomization.yaml"}
        assert {name for name in told["resources"] if "/" not in name} == files


@OURS
def test_every_setting_exists_and_may_have_its_value(workload: Workload) -> None:
    given = {name.removeprefix("DATELINE_").lower(): value for name, value in workload.environment.items()}
    assert given.keys() <= Settings.model_fields.keys()
    read = Settings(_env_file=None, **{name: value for name, value in given.items() if "_file" not in name})  # type: ignore[arg-type]
    assert read.redis_url.get_secret_value()


@OURS
def test_every_command_starts_a_module_that_exists(workload: Workload) -> None:
    command = workload.container["command"]
    if command[0] == "sleep":
        return
    if command[0] == "dateline":
        assert runner.invoke(app, [*command[1:], "--help"]).exit_code == 0
        return
    assert command[:2] == ["python", "-m"]
    found = importlib.util.find_spec(command[2])
    assert found
    if found.submodule_search_locations:
        assert importlib.util.find_spec(f"{command[2]}.__main__")


@OURS
def test_each_part_is_the_user_of_redis_whose_password_it_is_given(workload: Workload) -> None:
    users = set(re.findall(r"^user (\w+) on", (ROOT / "deploy/redis/users.acl").read_text("utf-8"), re.MULTILINE))
    [redis] = [volume for volume in workload.pod["volumes"] if volume["name"] == "redis"]
    files = {
        item["path"]: item["key"] for source in redis["projected"]["sources"] for item in source["secret"]["items"]
    }
    [mount] = [mount for mount in workload.container["volumeMounts"] if mount["name"] == "redis"]
    assert workload.environment["DATELINE_REDIS_PASSWORD_FILE"] == f"{mount['mountPath']}/password"
    for name in ("DATELINE_REDIS_URL", "DATELINE_BROKER_URL"):
        if name == "DATELINE_REDIS_URL" and workload.name == "flower":
            assert name not in workload.environment, "Flower sees the broker only"
            continue
        url = urlsplit(workload.environment[name])
        assert url.scheme == "rediss"
        assert url.query == f"ssl_ca_certs={mount['mountPath']}/ca.crt"
        assert url.username in users
        assert files == {"password": f"redis_{url.username}", "ca.crt": "ca.crt"}
        assert (url.hostname, url.port) == ("redis", 6379)


@EVERY
def test_every_part_is_confined_as_the_restricted_profile_asks(workload: Workload) -> None:
    pod, container = workload.pod, workload.container
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    confined = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert container["securityContext"] == confined
    assert not pod.get("hostNetwork")
    assert {next(iter(volume.keys() - {"name"})) for volume in pod["volumes"]} <= {
        "configMap", "emptyDir", "projected", "secret",
    }  # fmt: skip
    assert all(volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"] if "emptyDir" in volume)


@EVERY
def test_every_part_has_limits(workload: Workload) -> None:
    resources = workload.container["resources"]
    assert resources["requests"].keys() == resources["limits"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("workload", SERVING, ids=lambda workload: workload.name)
def test_every_part_is_watched_and_may_take_its_time_to_start(workload: Workload) -> None:
    container = workload.container
    assert {"startupProbe", "livenessProbe"} <= container.keys()
    assert ("readinessProbe" in container) == (workload.name in {"api", "redis"}), "only these are called by others"
    patience = container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"]
    assert patience >= 60
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container.get(name, {}).get("httpGet")
        if asked:
            assert asked["port"] in workload.ports


@pytest.mark.parametrize("name", ["worker-live", "worker-bulk", "keeper", "webhooks", "sink"])
def test_probes_look_at_the_file_that_the_process_touches(name: str) -> None:
    workload = Workload(named("Deployment", name))
    file = workload.environment["DATELINE_HEARTBEAT_FILE"]
    for probe in ("startupProbe", "livenessProbe"):
        assert f"stat -c %Y {file}" in workload.container[probe]["exec"]["command"][-1]


def test_the_api_is_asked_what_it_answers() -> None:
    routes = {route.path for route in health.router.routes}  # type: ignore[attr-defined]
    container = Workload(named("Deployment", "api")).container
    asked = {probe: container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
    assert asked == {"livenessProbe": "/v1/health/live", "readinessProbe": "/v1/health/accepting"}
    assert set(asked.values()) <= routes


def test_nothing_is_killed_while_it_stops() -> None:
    grace = int(settings()["DATELINE_STOP_GRACE"])
    for name in ("worker-live", "worker-bulk"):
        pod = Workload(named("Deployment", name)).pod
        assert pod["terminationGracePeriodSeconds"] == grace + 5
    api = Workload(named("Deployment", "api"))
    waits = int(api.container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert api.pod["terminationGracePeriodSeconds"] >= waits + serve._GRACE_SECONDS + 5


def test_there_is_a_worker_for_each_lane_alone() -> None:
    lanes = {lane: Workload(named("Deployment", f"worker-{lane}")).environment for lane in Lane}
    assert all(environment["DATELINE_WORKER_LANE"] == lane for lane, environment in lanes.items())


def test_metrics_are_served_where_prometheus_looks() -> None:
    port = int(settings()["DATELINE_METRICS_PORT"])
    for monitor in of_kind("PodMonitor"):
        [endpoint] = monitor["spec"]["podMetricsEndpoints"]
        watched = [workload for workload in workloads() if selects(monitor["spec"]["selector"], workload.labels)]
        assert watched
        assert all(workload.ports[endpoint["port"]] in {port, 8000} for workload in watched)
        assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": monitor["metadata"]["name"]}]
    watched_jobs = {monitor["metadata"]["name"] for monitor in of_kind("PodMonitor")}
    told = {job["job_name"] for job in documents(ROOT / "deploy/prometheus/prometheus.yml")[0]["scrape_configs"]}
    assert watched_jobs == told


def test_services_lead_to_ports_that_are_listened_on() -> None:
    for service in of_kind("Service"):
        [target] = [w for w in workloads() if selects({"matchLabels": service["spec"]["selector"]}, w.labels)]
        assert all(port["targetPort"] in target.ports for port in service["spec"]["ports"])
    api = Workload(named("Deployment", "api"))
    assert api.ports == {"http": int(api.environment["DATELINE_API_PORT"])}
    flower = Workload(named("Deployment", "flower"))
    assert f"--port={flower.ports['http']}" in flower.container["command"]
    redis = Workload(named("StatefulSet", "redis"))
    command = redis.container["command"]
    assert command[command.index("--tls-port") + 1] == str(redis.ports["redis-tls"])
    assert command[command.index("--port") + 1] == "0", "nothing is said in clear"


def test_the_ingress_leads_to_the_api() -> None:
    [backend] = [path["backend"]["service"] for path in named("Ingress", "api")["spec"]["rules"][0]["http"]["paths"]]
    service = named("Service", backend["name"])
    assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}


def test_the_network_forbids_what_it_does_not_allow() -> None:
    spec = named("NetworkPolicy", "nothing")["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@EVERY
def test_only_ports_that_are_listened_on_are_open(workload: Workload) -> None:
    opened = {port["port"] for rule in policies("ingress", workload) for port in rule["ports"]}
    reached = {"redis": {6379}, "api": {8000}, "flower": set(), "operator": set()}
    assert opened == reached.get(workload.name, {9100})
    assert opened <= set(workload.ports.values())


@EVERY
def test_each_part_reaches_what_it_needs_and_no_more(workload: Workload) -> None:
    out: set[Any] = set()
    for rule in policies("egress", workload):
        for target in rule["to"]:
            where = target.get("podSelector", {}).get("matchLabels", {})
            name = where.get("app.kubernetes.io/name") or where.get("k8s-app")
            name = name or target.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
            name = name or target["ipBlock"]["cidr"]
            out |= {(name, port["port"]) for port in rule["ports"]}
    needed: set[Any] = set() if workload.name == "redis" else {("redis", 6379), ("kube-dns", 53)}
    if workload.name == "webhooks":
        needed |= {("0.0.0.0/0", 443), ("2000::/3", 443)}
    if workload.name == "operator":
        needed |= {("api", 8000)}
    if workload.name == "sink":
        needed |= {("postgresql", 5432)}
    assert out == needed


def test_webhooks_reach_no_private_network() -> None:
    rules = [rule for rule in policies("egress", Workload(named("Deployment", "webhooks"))) if "ipBlock" in str(rule)]
    closed = {network for rule in rules for target in rule["to"] for network in target["ipBlock"]["except"]}
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"} <= closed


def test_budgets_let_a_node_be_drained() -> None:
    for budget in of_kind("PodDisruptionBudget"):
        [target] = [w for w in workloads() if selects(budget["spec"]["selector"], w.labels)]
        if "minAvailable" in budget["spec"]:
            assert target.manifest["spec"]["replicas"] > budget["spec"]["minAvailable"]
        else:
            assert budget["spec"]["maxUnavailable"]


def test_what_may_run_several_times_is_spread_over_nodes() -> None:
    for name in ("api", "worker-live", "worker-bulk", "webhooks"):
        workload = Workload(named("Deployment", name))
        [spread] = workload.pod["topologySpreadConstraints"]
        assert selects(spread["labelSelector"], workload.labels)


SCALED_OBJECT = {
    "scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount",
    "minReplicaCount", "maxReplicaCount", "fallback", "advanced", "triggers",
}  # fmt: skip
"""The fields of KEDA's ScaledObject, keda.sh/v1alpha1 (KEDA's custom resource definition)."""
METRICS_API = {"url", "valueLocation", "targetValue", "activationTargetValue", "format", "authMode", "unsafeSsl"}
"""Metadata of its scaler metrics-api."""


@pytest.mark.parametrize("lane", Lane)
def test_workers_are_scaled_by_what_waits_in_the_ledger(lane: Lane) -> None:
    scaled = named("ScaledObject", f"worker-{lane}")
    spec = scaled["spec"]
    assert scaled["apiVersion"] == "keda.sh/v1alpha1"
    assert spec.keys() <= SCALED_OBJECT
    assert named("Deployment", spec["scaleTargetRef"]["name"])
    assert spec["fallback"].keys() == {"failureThreshold", "replicas"}
    assert spec["minReplicaCount"] <= spec["fallback"]["replicas"] <= spec["maxReplicaCount"]
    [trigger] = spec["triggers"]
    assert (trigger["type"], trigger["metricType"]) == ("metrics-api", "AverageValue")
    assert trigger["metadata"].keys() <= METRICS_API
    assert all(isinstance(value, str) for value in trigger["metadata"].values())
    assert _waiting(trigger["metadata"]["valueLocation"], lane) == 7


def _waiting(location: str, lane: Lane) -> object:
    """What the API tells at that place while seven articles wait in a lane and none in the other."""
    counts = {other: 7 if other is lane else 0 for other in Lane}
    backlog = Backlog(datetime.now(UTC), {}, counts, dict.fromkeys(Lane), 0, 0, 0)
    value: Any = health.accepting(backlog).model_dump(mode="json")
    for key in location.split("."):
        value = value[key]
    return value


def test_keda_asks_the_api_and_is_let_in() -> None:
    service = named("Service", "api")
    for scaled in of_kind("ScaledObject"):
        url = urlsplit(scaled["spec"]["triggers"][0]["metadata"]["url"])
        assert url.hostname == "api.dateline.svc"
        assert url.port in {port["port"] for port in service["spec"]["ports"]}
        assert url.path == "/v1/health/accepting"
    assert named("NetworkPolicy", "keda")["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 8000}]


def test_live_articles_always_have_a_worker_and_bulk_ones_when_they_wait() -> None:
    least = {lane: named("ScaledObject", f"worker-{lane}")["spec"]["minReplicaCount"] for lane in Lane}
    assert least == {Lane.LIVE: 1, Lane.BULK: 0}
    assert named("Deployment", "keeper")["spec"]["replicas"] >= 1, "what is delayed comes back without a worker"


def test_the_files_of_redis_are_those_of_the_compose_file() -> None:
    [redis] = documents(ROOT / "deploy" / "redis" / "kustomization.yaml")
    [generated] = redis["configMapGenerator"]
    assert set(generated["files"]) == {"redis.conf", "users.acl", "redis-start"}
    assert {source["name"] for source in (volume.get("configMap") for volume in named("StatefulSet", "redis")["spec"]
            ["template"]["spec"]["volumes"]) if source} == {generated["name"]}  # fmt: skip
