"""The dashboard and the page are what the code says, with every metric in one place."""

import json
import re
from itertools import combinations
from typing import Any

import pytest

from deploy.dashboard import DASHBOARD, PAGE, dashboard_text, page
from shared.runtime.metrics import CATALOGUE

PANELS: list[dict[str, Any]] = json.loads(dashboard_text())["panels"]
REMEDY = "run `make dashboard`"


def test_the_committed_dashboard_is_the_one_the_code_makes() -> None:
    assert DASHBOARD.read_text() == dashboard_text(), REMEDY


def test_the_committed_page_has_the_list_of_the_code() -> None:
    assert PAGE.read_text() == page(PAGE.read_text()), REMEDY


def test_every_metric_has_one_panel() -> None:
    shown = [target["expr"] for panel in PANELS for target in panel.get("targets", [])[:1]]
    asked = [re.findall(r"cascada_[a-z0-9_]+", query) for query in shown]
    assert [names[0].removesuffix("_bucket") for names in asked] == [metric.name for metric in CATALOGUE]


def test_queries_ask_by_declared_labels_alone() -> None:
    labels = {label for metric in CATALOGUE for label in metric.labels} | {"service", "le"}
    for panel in PANELS:
        for target in panel.get("targets", []):
            [by] = re.findall(r" by \(([^)]*)\)", target["expr"])
            assert set(by.split(", ")) <= labels


def test_no_panel_lies_on_another() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    for one, other in combinations((panel["gridPos"] for panel in PANELS), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]


@pytest.mark.parametrize("metric", list(CATALOGUE), ids=lambda metric: metric.name)
def test_names_say_their_kind_and_unit(metric: Any) -> None:
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    assert (metric.unit.startswith("seconds")) == metric.name.endswith("_seconds")
    assert metric.meaning[0].isupper() or metric.meaning[0] == "1"
