"""The manifests of deploy/kubernetes, as tests look at them: without a cluster and without kustomize."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conftest import ROOT
from ruamel.yaml import YAML

SECRET = "postgresql://from-a-secret"
"""In the place of a value that comes from a secret."""
FOLDER = ROOT / "deploy" / "kubernetes"
Manifest = dict[str, Any]


@cache
def documents(file: Path) -> list[Manifest]:
    """The documents of a YAML file."""
    return [document for document in YAML(typ="safe").load_all(file) if document]


@cache
def manifests() -> list[Manifest]:
    """Every object that is applied, without kustomize's own files."""
    files = sorted(FOLDER.rglob("*.yaml"))
    return [found for file in files if file.name != "kustomization.yaml" for found in documents(file)]


def of_kind(*kinds: str) -> list[Manifest]:
    """The objects of these kinds."""
    return [manifest for manifest in manifests() if manifest["kind"] in kinds]


def named(kind: str, name: str) -> Manifest:
    """One object."""
    [found] = [manifest for manifest in of_kind(kind) if manifest["metadata"]["name"] == name]
    return found


@dataclass(frozen=True)
class Workload:
    """A Deployment or a StatefulSet, with one container."""

    manifest: Manifest

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.manifest["spec"]["template"]["metadata"]["labels"])

    @property
    def pod(self) -> Manifest:
        return dict(self.manifest["spec"]["template"]["spec"])

    @property
    def container(self) -> Manifest:
        [container] = self.pod["containers"]
        return dict(container)

    @property
    def environment(self) -> dict[str, str]:
        """What is set for it, the common settings included."""
        own = {entry["name"]: entry.get("value", SECRET) for entry in self.container.get("env", ())}
        return (settings() if self.container.get("envFrom") else {}) | own

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", ())}


def workloads() -> list[Workload]:
    """Everything that runs."""
    return [Workload(manifest) for manifest in of_kind("Deployment", "StatefulSet")]


def ours() -> list[Workload]:
    """What runs of the image."""
    return [workload for workload in workloads() if workload.container["image"] == "dateline"]


def settings() -> dict[str, str]:
    """The settings that all share."""
    [base] = documents(FOLDER / "base" / "kustomization.yaml")
    [generated] = base["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in generated["literals"])


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector chooses these labels."""
    fits = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return fits and all(_holds(expression, labels) for expression in selector.get("matchExpressions", ()))


def _holds(expression: Manifest, labels: dict[str, str]) -> bool:
    inside = labels.get(expression["key"]) in expression["values"]
    return inside if expression["operator"] == "In" else not inside


def policies(direction: str, workload: Workload) -> Iterator[Manifest]:
    """The rules of network policies for a workload, `ingress` or `egress`."""
    for policy in of_kind("NetworkPolicy"):
        if selects(policy["spec"]["podSelector"], workload.labels):
            yield from policy["spec"].get(direction, ())
