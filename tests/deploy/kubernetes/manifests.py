"""What an overlay renders to, as plain objects, and the pods among them."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import yaml

from deploy.local.settings import ROOT

Object: TypeAlias = dict[str, Any]
Complaints: TypeAlias = Iterator[str]

OVERLAYS = ("local", "staging", "production")
KUBERNETES = ROOT / "deploy" / "kubernetes"
_NAME, _ROLE = "app.kubernetes.io/name", "app.kubernetes.io/component"


@cache
def rendered(overlay: str) -> str:
    """What ``kubectl apply -k`` would send, as JSON."""
    kubectl = ROOT / ".venv" / "bin" / "kubectl"
    folder = KUBERNETES / "overlays" / overlay
    written = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=True).stdout
    return json.dumps(list(yaml.safe_load_all(written)))


@dataclass(frozen=True)
class Pods:
    """The pods that one Deployment or Job makes."""

    owner: Object

    @property
    def name(self) -> str:
        return f"{self.owner['kind']} {self.owner['metadata']['name']}"

    @property
    def labels(self) -> Mapping[str, str]:
        labels: Mapping[str, str] = self.owner["spec"]["template"]["metadata"].get("labels", {})
        return labels

    @property
    def service(self) -> str:
        return self.labels.get(_NAME, "")

    @property
    def role(self) -> str:
        return self.labels.get(_ROLE, "")

    @property
    def spec(self) -> Object:
        spec: Object = self.owner["spec"]["template"]["spec"]
        return spec

    @property
    def containers(self) -> Sequence[Object]:
        """Those that run before, then the one that stays."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def main(self) -> Object:
        main: Object = self.spec["containers"][0]
        return main

    @property
    def ports(self) -> Mapping[str, int]:
        return {port["name"]: port["containerPort"] for port in self.main.get("ports", [])}

    @property
    def secrets(self) -> Iterator[tuple[str, str, str]]:
        """(secret, key, path) of everything mounted."""
        for volume in self.spec.get("volumes", []):
            for source in volume.get("projected", {}).get("sources", []):
                for item in source["secret"]["items"]:
                    yield source["secret"]["name"], item["key"], item["path"]


class Manifests:
    """All objects of an overlay."""

    def __init__(self, objects: Sequence[Object]) -> None:
        self.objects = objects

    def of(self, kind: str) -> list[Object]:
        return [one for one in self.objects if one["kind"] == kind]

    def names(self, kind: str) -> set[str]:
        return {one["metadata"]["name"] for one in self.of(kind)}

    def one(self, kind: str, name: str) -> Object:
        """The object of that name, or whose name begins so (config maps end with a hash)."""
        [found] = [one for one in self.of(kind) if one["metadata"]["name"].startswith(name)]
        return found

    @property
    def pods(self) -> list[Pods]:
        return [Pods(one) for one in self.objects if one["kind"] in {"Deployment", "Job"}]

    @property
    def deployments(self) -> list[Pods]:
        return [pods for pods in self.pods if pods.owner["kind"] == "Deployment"]

    def environment(self, container: Object) -> dict[str, str]:
        """What the container's config maps give; nothing of one that is not there."""
        maps = {one["metadata"]["name"]: one.get("data", {}) for one in self.of("ConfigMap")}
        found: dict[str, str] = {}
        for source in container.get("envFrom", []):
            found |= maps.get(source["configMapRef"]["name"], {})
        return found | {one["name"]: one.get("value", "") for one in container.get("env", [])}


def manifests_of(overlay: str) -> Manifests:
    """Fresh objects, free to be broken."""
    return Manifests(json.loads(rendered(overlay)))


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector matches; an empty one matches everything."""
    exact = selector.get("matchLabels", {})
    among = selector.get("matchExpressions", [])
    return all(labels.get(name) == value for name, value in exact.items()) and all(
        labels.get(one["key"]) in one["values"] for one in among
    )
