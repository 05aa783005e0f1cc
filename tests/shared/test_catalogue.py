"""Every metric is declared once, told by the services that say so, set somewhere, and made nowhere else."""

import ast
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from services.customers.inbound.http import app as customers
from services.segmenter.inbound.http import app as segmenter
from services.statements.inbound.http import app as statements
from shared.http.process import Process
from shared.runtime import metrics
from shared.runtime.metric_declarations import EVERY_SERVICE

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")]
APPS: dict[str, Callable[[], FastAPI]] = {
    "customers": lambda: customers.create(process=Process()),
    "segmenter": lambda: segmenter.create(process=Process()),
    "statements": lambda: statements.create(process=Process()),
}


def declared_by(service: str) -> dict[str, tuple[str, str]]:
    """Name as Prometheus parses it, kind and meaning, of what a service declares."""
    mine = [metric for metric in metrics.CATALOGUE if service in metric.services]
    return {metric.name.removesuffix("_total"): (metric.kind, metric.meaning) for metric in mine}


@pytest.mark.parametrize("service", EVERY_SERVICE)
async def test_a_service_tells_what_is_declared_of_it_and_nothing_else(service: str) -> None:
    transport = httpx.ASGITransport(APPS[service]())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/metrics")
    told = {family.name: (family.type, family.documentation) for family in text_string_to_metric_families(answer.text)}
    ours = {name: said for name, said in told.items() if not name.startswith(("process_", "python_"))}
    assert ours == declared_by(service)
    assert "process_resident_memory_bytes" in told


def test_nothing_of_ours_is_measured_that_is_not_declared() -> None:
    known = {family.name for family in REGISTRY.collect() if family.name.startswith("cascada_")}
    assert known == {metric.name.removesuffix("_total") for metric in metrics.CATALOGUE}


def test_metrics_are_made_in_one_place() -> None:
    makers = {path.relative_to(ROOT).as_posix() for path in SOURCES if "prometheus_client" in imports_of(path)}
    assert makers == {"shared/runtime/metric_declarations.py", "shared/http/health.py"}


def imports_of(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return named | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def test_each_is_set_somewhere() -> None:
    said = "".join(path.read_text() for path in SOURCES if path.name != "metrics.py")
    names = [name for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)]
    assert len(names) == len(list(metrics.CATALOGUE))
    assert [name for name in names if f"{name}." not in said] == []
