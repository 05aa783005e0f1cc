"""Figures and alarms: every process is scraped, every metric named exists, every alarm says where to read on."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args

from prometheus_client import REGISTRY

from deploy.local.settings import ROOT
from services.statements.domain.sending import State
from shared.runtime.metrics import CATALOGUE
from tests.deploy.kubernetes.checks.pods import SERVICES
from tests.deploy.kubernetes.manifests import Complaints, Manifests, Object, selects

_WEBHOOK_STATES = ("retrying", "failing")
_WITH_EVERY_SERIES = {"job", "service", "role", "le"}
_PARTS = ("_bucket", "_sum", "_count")


def scrapes_everyone(manifests: Manifests) -> Complaints:
    """The monitor selects the pods of every Deployment and none of a Job, at a port they have."""
    for monitor in manifests.of("PodMonitor"):
        name = f"PodMonitor {monitor['metadata']['name']}"
        ports = {endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]}
        for pods in manifests.pods:
            if selects(monitor["spec"]["selector"], pods.labels) != (pods in manifests.deployments):
                yield f"{name}: {pods.name} is scraped and should not be, or the other way round"
        for pods in manifests.deployments:
            yield from (f"{name}: {pods.name} has no port {port}" for port in sorted(ports - pods.ports.keys()))
        if {endpoint.get("path", "/metrics") for endpoint in monitor["spec"]["podMetricsEndpoints"]} != {"/metrics"}:
            yield f"{name}: metrics are not there"


def asks_for_metrics_that_exist(manifests: Manifests) -> Complaints:
    """In alerts and in what scales: metrics, their labels, and the values of labels."""
    for name, query in _queries(manifests):
        for metric, matchers in re.findall(r"\b(cascada_\w+|up)\b(?:\{([^}]*)\})?", query):
            labels = _labels().get(_family(metric))
            if labels is None:
                yield f"{name}: no metric {metric}"
                continue
            for label, values in re.findall(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"', matchers):
                if label not in labels | _WITH_EVERY_SERIES:
                    yield f"{name}: {metric} has no label {label}"
                yield from (f"{name}: no {label} is ever {value}" for value in _unknown(label, values))
        if query.count("(") != query.count(")"):
            yield f"{name}: its brackets do not close"


def _queries(manifests: Manifests) -> Iterator[tuple[str, str]]:
    yield from ((alert["alert"], alert["expr"]) for alert in alerts(manifests))
    for one in manifests.of("ScaledObject"):
        for trigger in one["spec"]["triggers"]:
            yield f"ScaledObject {one['metadata']['name']}", trigger["metadata"]["query"]


def alerts(manifests: Manifests) -> Iterator[Object]:
    """Every alert of every rule."""
    for rule in manifests.of("PrometheusRule"):
        for group in rule["spec"]["groups"]:
            yield from group["rules"]


@cache
def _labels() -> Mapping[str, set[str]]:
    """The labels of each metric that the code declares."""
    known = REGISTRY._names_to_collectors.items()
    ours = {name: set(getattr(one, "_labelnames", ())) for name, one in known if name.startswith("cascada_")}
    return {"up": set(), **ours}


def _family(metric: str) -> str:
    return next((metric.removesuffix(part) for part in _PARTS if metric.endswith(part)), metric)


def _unknown(label: str, values: str) -> Iterator[str]:
    known: dict[str, tuple[str, ...]] = {
        "service": SERVICES,
        "state": (*get_args(State), *_WEBHOOK_STATES),
        "role": ("api", "worker"),
    }
    if label in known:
        yield from (value for value in values.split("|") if value not in known[label])


def says_where_to_read_on(manifests: Manifests) -> Complaints:
    """Each alert has a paragraph in the README of whichever service it may be about, and says how urgent it is."""
    for alert in alerts(manifests):
        if alert.get("labels", {}).get("severity") not in {"page", "ticket"}:
            yield f"{alert['alert']}: wakes somebody, or does not?"
        for service in _about(alert["expr"]):
            runbook = alert["annotations"].get("runbook", "").replace("{{ $labels.service }}", service)
            file, _, anchor = runbook.partition("#")
            if anchor not in _anchors(file):
                yield f"{alert['alert']}: there is no {runbook or 'runbook'}"


def _about(expression: str) -> set[str]:
    told_by = {metric.name: set(metric.services) for metric in CATALOGUE}
    told = [told_by.get(_family(name), set(SERVICES)) for name in re.findall(r"\bcascada_\w+", expression)]
    return set.intersection(*told) if told else set(SERVICES)


@cache
def _anchors(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    return {_anchor(title) for title in re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)}


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
