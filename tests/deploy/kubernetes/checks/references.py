"""What objects say of each other: names, selectors, ports and keys meet."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from deploy.local.kafka import PARTITIONS
from tests.deploy.kubernetes.manifests import KUBERNETES, Complaints, Manifests, Object, Pods, selects

_OF_A_DATABASE = ("uri", "username", "password", "host", "port", "dbname", "pgpass", "jdbc-uri")
_OF_A_USER = ("ca.crt", "user.crt", "user.key", "user.p12", "user.password")


def is_in_one_place(manifests: Manifests) -> Complaints:
    """One namespace for all, and no two objects of one kind and name."""
    for one in manifests.objects:
        if one["kind"] != "Namespace" and one["metadata"].get("namespace") not in manifests.names("Namespace"):
            yield f"{one['kind']} {one['metadata']['name']}: is not in our namespace"
    twice = Counter((one["kind"], one["metadata"]["name"]) for one in manifests.objects)
    yield from (f"{kind} {name}: is there {count} times" for (kind, name), count in twice.items() if count > 1)


def refers_to_what_exists(manifests: Manifests) -> Complaints:
    """Config maps, secrets with their keys, and accounts."""
    secrets = dict(_secrets(manifests))
    for pods in manifests.pods:
        for container in pods.containers:
            for source in container.get("envFrom", []):
                name = source["configMapRef"]["name"]
                if name not in manifests.names("ConfigMap"):
                    yield f"{pods.name}: no config map {name}"
        for secret, key, _ in pods.secrets:
            if key not in secrets.get(secret, ()):
                yield f"{pods.name}: no secret {secret} with {key}"
        if pods.spec.get("serviceAccountName") not in manifests.names("ServiceAccount"):
            yield f"{pods.name}: no account {pods.spec.get('serviceAccountName')}"


def _secrets(manifests: Manifests) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every secret with its keys: ours, those that operators write, and those that the README asks people for."""
    yield from asked_for()
    for one in manifests.of("Secret"):
        yield one["metadata"]["name"], tuple(one["data"])
    for one in manifests.of("Cluster"):
        yield f"{one['metadata']['name']}-app", _OF_A_DATABASE
    for one in manifests.of("KafkaUser"):
        yield one["metadata"]["name"], _OF_A_USER


@cache
def asked_for() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The table of secrets in the README."""
    text = (KUBERNETES / "README.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| ((?:`[\w.]+`,? ?)+)\|", text, re.MULTILINE)
    return tuple((name, tuple(re.findall(r"`([\w.]+)`", keys))) for name, keys in rows)


def selects_its_pods(manifests: Manifests) -> Complaints:
    """Deployments and services: each selector means the pods of one Deployment and no others."""
    for pods in manifests.deployments:
        if not selects(pods.owner["spec"]["selector"], pods.labels):
            yield f"{pods.name}: does not select its own pods"
    for service in manifests.of("Service"):
        yield from _of_a_service(manifests, service)


def may_be_disrupted(manifests: Manifests) -> Complaints:
    """Every Deployment has a budget of its own, and no budget keeps a node from being emptied."""
    budgets = manifests.of("PodDisruptionBudget")
    for budget in budgets:
        if len(_selected(manifests, budget["spec"]["selector"])) != 1:
            yield f"PodDisruptionBudget {budget['metadata']['name']}: is not of one Deployment"
        if budget["spec"].get("maxUnavailable", 0) < 1:
            yield f"PodDisruptionBudget {budget['metadata']['name']}: no node could ever be emptied"
    for pods in manifests.deployments:
        if not any(selects(one["spec"]["selector"], pods.labels) for one in budgets):
            yield f"{pods.name}: has no disruption budget"


def _selected(manifests: Manifests, selector: Object) -> list[Pods]:
    return [pods for pods in manifests.pods if selects(selector, pods.labels)]


def _of_a_service(manifests: Manifests, service: Object) -> Iterator[str]:
    name = f"Service {service['metadata']['name']}"
    selected = _selected(manifests, {"matchLabels": service["spec"]["selector"]})
    if len(selected) != 1:
        yield f"{name}: is not of one Deployment"
    for pods in selected:
        for port in service["spec"]["ports"]:
            target = port["targetPort"]
            if target not in pods.ports and target not in pods.ports.values():
                yield f"{name}: {pods.name} has no port {target}"


def calls_services_that_exist(manifests: Manifests) -> Complaints:
    """The services' addresses in the settings are those of Services."""
    ports = {
        one["metadata"]["name"]: {port["port"] for port in one["spec"]["ports"]} for one in manifests.of("Service")
    }
    for pods in manifests.deployments:
        environment = manifests.environment(pods.main)
        for name in ("CUSTOMERS_URL", "SEGMENTER_URL", "STATEMENTS_URL"):
            url = urlsplit(environment.get(name, ""))
            if url.hostname is None or (url.port or 80) not in ports.get(url.hostname, set()):
                yield f"{pods.name}: {name} is no Service of ours"
            elif url.scheme != "http":
                yield f"{pods.name}: {name} is spoken to by {url.scheme}, and answers http"
            elif url.hostname != name.removesuffix("_URL").lower():
                yield f"{pods.name}: {name} leads to {url.hostname}"


def scales_what_it_may(manifests: Manifests) -> Complaints:
    """Who scales has a Deployment of its own that leaves the number open; every api is scaled."""
    deployments = {pods.owner["metadata"]["name"]: pods for pods in manifests.deployments}
    scalers = [*manifests.of("HorizontalPodAutoscaler"), *manifests.of("ScaledObject")]
    targets = Counter(one["spec"]["scaleTargetRef"]["name"] for one in scalers)
    for target, count in targets.items():
        if target not in deployments:
            yield f"no Deployment {target} to scale"
        elif "replicas" in deployments[target].owner["spec"]:
            yield f"Deployment {target}: each apply would undo what its autoscaler decided"
        if count > 1:
            yield f"Deployment {target}: {count} autoscalers pull at it"
    yield from _numbers(manifests, scalers)
    apis = {name for name, pods in deployments.items() if pods.role == "api"}
    yield from (f"Deployment {name}: nobody scales it" for name in sorted(apis - targets.keys()))


def _numbers(manifests: Manifests, scalers: list[Object]) -> Iterator[str]:
    """Two at least, so that one may go; on a machine of one's own a single one is enough."""
    fewest = 1 if is_local(manifests) else 2
    for one in scalers:
        name, spec = f"{one['kind']} {one['metadata']['name']}", one["spec"]
        least = spec.get("minReplicas", spec.get("minReplicaCount", 0))
        most = spec.get("maxReplicas", spec.get("maxReplicaCount", 0))
        if least > most:
            yield f"{name}: asks for {least} at least and {most} at most"
        if least < fewest:
            yield f"{name}: with {least} left, a node that is emptied stops the service"
    for pods in manifests.deployments:
        if pods.owner["spec"].get("replicas", fewest) < fewest:
            yield f"{pods.name}: with {pods.owner['spec']['replicas']}, a node that is emptied stops the service"


def is_local(manifests: Manifests) -> bool:
    """Whether it is somebody's own cluster: its secrets are made up on the spot."""
    return bool(manifests.of("Secret"))


def has_something_to_hear(manifests: Manifests) -> Complaints:
    """Workers never outnumber partitions."""
    for one in manifests.of("ScaledObject"):
        if one["spec"]["maxReplicaCount"] > PARTITIONS:
            yield f"ScaledObject {one['metadata']['name']}: more workers than the {PARTITIONS} partitions"
