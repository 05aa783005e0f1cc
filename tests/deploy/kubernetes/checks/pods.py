"""What runs in pods: programs that exist, with settings they take, nobody's rights, and probes that are answered."""

import importlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi.routing import APIRoute

from shared.http.health import health, never, nothing
from shared.runtime.command_line import read_command_line
from shared.runtime.settings import CommonSettings, SettingsRefusedError
from tests.deploy.kubernetes.manifests import Complaints, Manifests, Object, Pods

SERVICES = ("customers", "segmenter", "statements")
SPEAKS_KAFKA = {("customers", "api"), ("segmenter", "worker"), ("statements", "worker")}
_SECRETS = "/run/secrets/cascada"
_KAFKA_FILES = {"ca.crt", "user.crt", "user.key"}
_STAND_INS = {
    "service_api_key": "a-key-that-stands-in",
    "gateway_webhook_secret": "a-secret-that-stands-in",
    "mail_gateway_url": "https://gateway.example",
}
_API_SECONDS = 15 + 12  # requests under way (shared/runtime/serving.py) and the relay's last batch
_POOL_SECONDS = 5  # for a free connection (shared/database/engine.py)
_WORKER_SECONDS = 60 + 15  # a statement of the database and a call to the outside


def names_its_image(manifests: Manifests) -> Complaints:
    """A registry's tag that says which version, the same for all."""
    images = {container["image"] for pods in manifests.pods for container in pods.containers}
    for image in sorted(images):
        if not re.search(r":(?!latest$)[\w.-]+$", image):
            yield f"the image {image} does not say which version it is"
    if len(images) > 1:
        yield f"pods run different images: {sorted(images)}"


def runs_what_exists(manifests: Manifests) -> Complaints:
    """``python -m services.<name> <role>``, as the service's own command line understands it."""
    for pods in manifests.pods:
        for container in pods.containers:
            module, *asked = container["args"]
            if module != f"services.{pods.service}":
                yield f"{pods.name}: runs {module} under the name of {pods.service}"
            elif not _is_understood(pods.service, asked):
                yield f"{pods.name}: python -m {module} does not know {' '.join(asked)}"
        if pods.role in {"api", "worker"} and pods.main["args"][1:] != [pods.role]:
            yield f"{pods.name}: does not run the {pods.role}"


def _is_understood(service: str, asked: list[str]) -> bool:
    main = importlib.import_module(f"services.{service}.__main__")
    with tempfile.NamedTemporaryFile("w") as secret:
        secret.write(_STAND_INS["service_api_key"])
        secret.flush()
        words = [secret.name if word.startswith(_SECRETS) else word for word in asked]
        try:
            read_command_line(service, main.ROLES, main._commands, words)
        except SystemExit:
            return False
    return True


def has_settings_that_are_taken(manifests: Manifests) -> Complaints:
    """Every name means something to some service, and each service starts with what it is given."""
    known = {name for service in SERVICES for name in settings_of(service).model_fields}
    given = {name for pods in manifests.pods for one in pods.containers for name in manifests.environment(one)}
    for name in sorted(given):
        if name.lower() not in known and name != "SECRETS_FOLDER" and not name.startswith("OTEL_"):
            yield f"no service has a setting {name}"
    for pods in manifests.pods:
        for container in pods.containers:
            yield from _refusals(pods, manifests.environment(container))


def _refusals(pods: Pods, environment: Mapping[str, str]) -> Iterator[str]:
    settings = settings_of(pods.service)
    for _, _, path in pods.secrets:
        if path not in settings.model_fields and path not in _KAFKA_FILES:
            yield f"{pods.name}: the secret {path} is no setting of {pods.service}"
    try:
        settings.model_validate(_values(pods, environment))
    except SettingsRefusedError as error:
        yield f"{pods.name}: {error}"


def _values(pods: Pods, environment: Mapping[str, str]) -> dict[str, str]:
    files = {path: _STAND_INS.get(path, "postgresql://stands:in@database/it") for _, _, path in pods.secrets}
    return {**files, **{name.lower(): value for name, value in environment.items()}}


@cache
def settings_of(service: str) -> type[CommonSettings]:
    settings: type[CommonSettings] = importlib.import_module(f"services.{service}.settings").Settings
    return settings


def finds_its_files(manifests: Manifests) -> Complaints:
    """Folders that the settings name are mounted, and mounts are of volumes that are there."""
    for pods in manifests.pods:
        volumes = {volume["name"] for volume in pods.spec.get("volumes", [])}
        for container in pods.containers:
            mounts = {mount["mountPath"]: mount["name"] for mount in container.get("volumeMounts", [])}
            environment = manifests.environment(container)
            yield from (f"{pods.name}: no volume {name}" for name in mounts.values() if name not in volumes)
            if environment.get("SECRETS_FOLDER") not in mounts:
                yield f"{pods.name}: secrets are not mounted where SECRETS_FOLDER says"
            if "/tmp" not in mounts:  # noqa: S108
                yield f"{pods.name}: has nowhere to write"
        if (pods.service, pods.role) in SPEAKS_KAFKA and "KAFKA_TLS_FOLDER" in manifests.environment(pods.main):
            yield from _lacking_certificates(pods, manifests.environment(pods.main)["KAFKA_TLS_FOLDER"])


def _lacking_certificates(pods: Pods, folder: str) -> Iterator[str]:
    mounted = {mount["mountPath"] for mount in pods.main["volumeMounts"]}
    if folder not in mounted or not _KAFKA_FILES.issubset(path for _, _, path in pods.secrets):
        yield f"{pods.name}: lacks its certificates for Kafka"


def takes_restricted_pods_only(manifests: Manifests) -> Complaints:
    """The namespace refuses what has more rights, whoever makes it."""
    for one in manifests.of("Namespace"):
        if one["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"Namespace {one['metadata']['name']}: takes pods of any rights"


def has_nobodys_rights(manifests: Manifests) -> Complaints:
    """What the *restricted* pod security standard asks, a root that cannot be written, and no way to the API server."""
    for pods in manifests.pods:
        pod = pods.spec.get("securityContext", {})
        if not pod.get("runAsNonRoot") or not pod.get("runAsUser"):
            yield f"{pods.name}: may run as root"
        if pod.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{pods.name}: may call whatever the kernel has"
        if pods.spec.get("automountServiceAccountToken") is not False:
            yield f"{pods.name}: gets a token of the API server"
        if pods.spec.get("enableServiceLinks") is not False:
            yield f"{pods.name}: Kubernetes would set variables such as CUSTOMERS_PORT"
        for container in pods.containers:
            yield from (f"{pods.name}: {lack}" for lack in _loose(container.get("securityContext", {})))


def _loose(context: Object) -> Iterator[str]:
    if context.get("allowPrivilegeEscalation") is not False:
        yield "may get more rights than it has"
    if context.get("readOnlyRootFilesystem") is not True:
        yield "may write its root"
    if context.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"


def has_resources(manifests: Manifests) -> Complaints:
    """Each container says what it needs, and how much memory is too much."""
    for pods in manifests.pods:
        for container in pods.containers:
            resources = container.get("resources", {})
            if not {"cpu", "memory"} <= resources.get("requests", {}).keys():
                yield f"{pods.name}: does not say what it needs"
            if "memory" not in resources.get("limits", {}):
                yield f"{pods.name}: has no limit of memory"
            elif _bytes(resources["limits"]["memory"]) < _bytes(resources.get("requests", {}).get("memory", "0Mi")):
                yield f"{pods.name}: may have less memory than it needs"


def _bytes(quantity: str) -> int:
    number, unit = quantity[:-2], quantity[-2:]
    return int(number) * {"Mi": 2**20, "Gi": 2**30}[unit]


def answers_its_probes(manifests: Manifests) -> Complaints:
    """Every probe asks a route that exists at the port that is listened to; only readiness asks for the database."""
    routes = {route.path for route in health(never, nothing).routes if isinstance(route, APIRoute)}
    for pods in manifests.deployments:
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = pods.main.get(kind, {}).get("httpGet", {})
            if asked.get("path") not in routes:
                yield f"{pods.name}: {kind} asks {asked.get('path')}"
            if asked.get("port") not in pods.ports:
                yield f"{pods.name}: {kind} asks at the port {asked.get('port')}"
            if (asked.get("path") == "/readyz") != (kind == "readinessProbe"):
                yield f"{pods.name}: {kind} is not what {asked.get('path')} is for"
        if pods.main.get("readinessProbe", {}).get("timeoutSeconds", 1) <= _POOL_SECONDS:
            yield f"{pods.name}: is taken out while it waits for a connection"
        if pods.ports.get("http") != _listened(pods, manifests.environment(pods.main)):
            yield f"{pods.name}: its port http is not the one it listens to"


def _listened(pods: Pods, environment: Mapping[str, str]) -> int | None:
    name = f"{pods.service}_port" if pods.role == "api" else "metrics_port"
    usual: Any = settings_of(pods.service).model_fields[name].default
    given = environment.get(name.upper(), usual)
    return int(given) if given else None


def has_time_to_stop(manifests: Manifests) -> Complaints:
    """An api is forgotten before it stops, and what is under way ends before the kill."""
    for pods in manifests.deployments:
        pause = pods.main.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        needed = pause + (_API_SECONDS if pods.role == "api" else _WORKER_SECONDS)
        if pods.role == "api" and not pause:
            yield f"{pods.name}: stops while it is still called"
        if pods.spec.get("terminationGracePeriodSeconds", 30) < needed:
            yield f"{pods.name}: is killed before what it does can end ({needed} s)"


def keeps_its_processes_apart(manifests: Manifests) -> Complaints:
    """A node or zone that goes does not take all of a role with it, and a rollout takes none away."""
    for pods in manifests.deployments:
        spread = pods.spec.get("topologySpreadConstraints", [])
        if {one["topologyKey"] for one in spread} != {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}:
            yield f"{pods.name}: is not spread over zones and nodes"
        if any(not _sees_itself(one, pods.labels) for one in spread):
            yield f"{pods.name}: its spread counts other pods"
        if pods.owner["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{pods.name}: a rollout takes pods away before others are there"
        elif not pods.owner["spec"]["strategy"]["rollingUpdate"].get("maxSurge"):
            yield f"{pods.name}: a rollout can never begin"


def _sees_itself(constraint: Object, labels: Mapping[str, str]) -> bool:
    exact = constraint["labelSelector"]["matchLabels"]
    same = set(constraint["matchLabelKeys"]) - {"pod-template-hash"}
    apart = {"app.kubernetes.io/name", "app.kubernetes.io/component"}
    return exact.items() <= labels.items() and apart <= same <= labels.keys()
