"""Alerts that can ring: a threshold, rates of what is counted, the labels that their words use, and who is gone."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from shared.runtime.metric_declarations import Kind
from shared.runtime.metrics import CATALOGUE
from tests.deploy.kubernetes.checks.monitoring import alerts
from tests.deploy.kubernetes.manifests import Complaints, Manifests, Object

_AGGREGATION = re.compile(r"\b(?:sum|min|max|avg|count)\b\s*(?:by\s*\(([^)]*)\))?\s*\(")
_COMPARISON = re.compile(r"\)\s*(?:==|!=|<=?|>=?)\s*(?:\d|max by)|\babsent\(")
_COUNTED = re.compile(r"\b(?:rate|increase)\(\s*(cascada_\w+)")


def asks_so_that_it_can_ring(manifests: Manifests) -> Complaints:
    """What is counted is asked for as a rate, and nothing else is; there is a threshold, and it must last."""
    for alert in alerts(manifests):
        name, query = alert["alert"], alert["expr"]
        if not _COMPARISON.search(query):
            yield f"{name}: rings always, for it compares with nothing"
        if not alert.get("for"):
            yield f"{name}: rings at once, however short it is"
        rated = set(_COUNTED.findall(query))
        for metric in sorted(set(re.findall(r"\b(cascada_\w+)", query))):
            if _is_counted(metric) and metric not in rated:
                yield f"{name}: {metric} only ever grows"
            if not _is_counted(metric) and metric in rated:
                yield f"{name}: {metric} has no rate, it is a gauge"


def _is_counted(metric: str) -> bool:
    kind = _kinds().get(metric) or _kinds().get(re.sub(r"_(bucket|sum|count)$", "", metric))
    return kind in {"counter", "histogram"}


@cache
def _kinds() -> Mapping[str, Kind]:
    return {metric.name: metric.kind for metric in CATALOGUE}


def keeps_the_labels_it_names(manifests: Manifests) -> Complaints:
    """A label that is added up away leaves a hole in the summary, and a runbook of no service."""
    for alert in alerts(manifests):
        used = set(re.findall(r"\$labels\.(\w+)", " ".join(alert["annotations"].values())))
        for kept in _kept(alert["expr"]):
            for label in sorted(used - kept):
                yield f"{alert['alert']}: {label} is not left of what it asks"


def _kept(query: str) -> Iterator[set[str]]:
    """The labels that are left by each sum or maximum."""
    for names in _AGGREGATION.findall(query):
        yield set(re.findall(r"\w+", names))


def misses_who_is_gone(manifests: Manifests) -> Complaints:
    """A process that is not there at all has no figures: some alert asks for the absence of each."""
    if not manifests.of("PrometheusRule"):
        return
    missed = {asked for alert in alerts(manifests) for asked in _absent(alert["expr"])}
    for pods in manifests.deployments:
        if (pods.service, pods.role) not in missed:
            yield f"{pods.name}: nobody would notice if there were none"


def _absent(query: str) -> Iterator[tuple[str, str]]:
    for matchers in re.findall(r"absent\(up\{([^}]*)\}\)", query):
        asked = dict(re.findall(r'(\w+)="([^"]*)"', matchers))
        yield asked.get("service", ""), asked.get("role", "")


def means_what_is_scraped(manifests: Manifests) -> Complaints:
    """``up`` is asked of our monitor's job, and its targets have the labels by which alerts tell processes apart."""
    for monitor in manifests.of("PodMonitor"):
        job = f"{monitor['metadata']['namespace']}/{monitor['metadata']['name']}"
        for alert in alerts(manifests):
            for asked in re.findall(r'\bjob=~"([^"]*)"', alert["expr"]):
                if not re.fullmatch(asked, job):
                    yield f"{alert['alert']}: asks for the job {asked}, ours is {job}"
        for endpoint in monitor["spec"]["podMetricsEndpoints"]:
            for label in sorted({"service", "role"} - _given(endpoint)):
                yield f"PodMonitor {monitor['metadata']['name']}: no target has the label {label}"


def _given(endpoint: Object) -> set[str]:
    return {one["targetLabel"] for one in endpoint.get("relabelings", []) if "targetLabel" in one}


def scales_by_its_own_figures(manifests: Manifests) -> Complaints:
    """Workers are as many as their own service's lag asks for."""
    for one in manifests.of("ScaledObject"):
        service = one["spec"]["scaleTargetRef"]["name"].rpartition("-")[0]
        for trigger in one["spec"]["triggers"]:
            if f'service="{service}"' not in trigger["metadata"]["query"]:
                yield f"ScaledObject {one['metadata']['name']}: asks for what another service has to do"
