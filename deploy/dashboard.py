"""The Grafana dashboard and the list in ``docs/telemetry.md``, written from the metrics that the code declares.

``python -m deploy.dashboard`` writes both; a test compares what is committed. Panels tell processes apart by the labels
``service`` and ``role``, which the PodMonitor (``deploy/kubernetes/components/monitoring``) gives them.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from shared.runtime.metric_declarations import Metric
from shared.runtime.metrics import CATALOGUE

ROOT = Path(__file__).parents[1]
DASHBOARD = ROOT / "deploy" / "grafana" / "cascada.json"
PAGE = ROOT / "docs" / "telemetry.md"
BEGIN, END = "<!-- metrics: written by python -m deploy.dashboard -->\n", "<!-- end of metrics -->\n"

_TITLES = {
    "requests": "Requests",
    "telling": "Telling: from the outbox to Kafka",
    "hearing": "Hearing: from Kafka to the facts",
    "standing": "Standing tasks: steps that fail, and walks over everyone",
    "judging": "Judging: segments, the day, refreshes, webhooks (segmenter)",
    "sending": "Sending: runs and mails (statements)",
}
_UNITS = {"seconds": "s", "0 to 1": "percentunit", "seconds since 1970": "dateTimeAsIso", "days": "d"}
_WIDTH, _HEIGHT, _COLUMNS = 8, 7, 3
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_OF_SERVICES = '{service=~"$service"}'


def dashboard(metrics: Iterable[Metric]) -> dict[str, Any]:
    """The dashboard as Grafana imports it: a row for each topic, a panel for each metric."""
    return {
        "uid": "cascada",
        "title": "Cascada",
        "description": "Written by python -m deploy.dashboard from shared/runtime/metrics.py",
        "tags": ["cascada"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_sources(), _services()]},
        "panels": list(_panels(metrics)),
    }


def _sources() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _services() -> dict[str, Any]:
    query = "label_values(cascada_database_reachable, service)"
    every = {"includeAll": True, "multi": True, "current": {"text": ["All"], "value": ["$__all"]}}
    return {"name": "service", "type": "query", "datasource": _SOURCE, "query": query, "refresh": 2, **every}


def _panels(metrics: Iterable[Metric]) -> Iterator[dict[str, Any]]:
    number, top = 1, 0
    for topic, found in groupby(metrics, key=lambda metric: metric.topic):
        place = {"x": 0, "y": top, "w": _WIDTH * _COLUMNS, "h": 1}
        yield {"id": number, "type": "row", "title": _TITLES[topic], "gridPos": place, "collapsed": False, "panels": []}
        shown = list(found)
        for n, metric in enumerate(shown):
            row, column = divmod(n, _COLUMNS)
            place = {"x": column * _WIDTH, "y": top + 1 + row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT}
            yield _panel(metric, number + 1 + n, place)
        number += 1 + len(shown)
        top += 1 + -(-len(shown) // _COLUMNS) * _HEIGHT


def _panel(metric: Metric, number: int, place: dict[str, int]) -> dict[str, Any]:
    per_second = " a second" if metric.kind == "counter" else ""
    return {
        "id": number,
        "type": "stat" if metric.unit == "seconds since 1970" else "timeseries",
        "title": _title(metric),
        "description": f"{metric.meaning} ({metric.unit}{per_second}). {metric.name}",
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": _UNITS.get(metric.unit, "short"), "min": 0}, "overrides": []},
        "targets": [
            {"refId": "ABC"[n], "datasource": _SOURCE, "expr": query, "legendFormat": legend}
            for n, (query, legend) in enumerate(_queries(metric))
        ],
    }


def _title(metric: Metric) -> str:
    return metric.name.removeprefix("cascada_").removesuffix("_total").replace("_", " ").capitalize()


def _queries(metric: Metric) -> list[tuple[str, str]]:
    """Each with its legend. Of several labels the last tells lines apart: there would be too many."""
    by = ", ".join(["service", *metric.labels[-1:]])
    legend = " ".join(f"{{{{{label}}}}}" for label in ["service", *metric.labels[-1:]])
    match metric.kind:
        case "counter":
            return [(f"sum by ({by}) (rate({metric.name}{_OF_SERVICES}[$__rate_interval]))", legend)]
        case "histogram":
            rate = f"sum by (le, {by}) (rate({metric.name}_bucket{_OF_SERVICES}[$__rate_interval]))"
            return [(f"histogram_quantile({q / 100:g}, {rate})", f"{legend} p{q}") for q in (50, 95)]
        case "gauge":
            least = "min" if metric.unit == "0 or 1" else "max"
            in_milliseconds = " * 1000" if metric.unit == "seconds since 1970" else ""
            return [(f"{least} by ({by}) ({metric.name}{_OF_SERVICES}){in_milliseconds}", legend)]


def table(metrics: Iterable[Metric]) -> str:
    """The list of metrics in Markdown."""
    head = "| metric | kind | of | unit | meaning |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| `{_with_labels(one)}` | {one.kind} | {', '.join(one.services)} | {one.unit} | {one.meaning} |\n"
        for one in metrics
    )


def _with_labels(metric: Metric) -> str:
    return metric.name + (f"{{{', '.join(metric.labels)}}}" if metric.labels else "")


def page(written: str) -> str:
    """The page with its list of metrics as the code has it now; all else stays as people wrote it."""
    before, _, rest = written.partition(BEGIN)
    return before + BEGIN + table(CATALOGUE) + END + rest.partition(END)[2]


def dashboard_text() -> str:
    """The dashboard's file."""
    return json.dumps(dashboard(CATALOGUE), indent=2) + "\n"


def main() -> None:
    """Write both."""
    DASHBOARD.parent.mkdir(exist_ok=True)
    DASHBOARD.write_text(dashboard_text())
    PAGE.write_text(page(PAGE.read_text()))
    for path in (DASHBOARD, PAGE):
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
