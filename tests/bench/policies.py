"""Cascades to measure with: lifetime rules, rules with windows, and as many segments as are wanted."""

from typing import Any

Segment = dict[str, Any]


def cascade(segments: int, windows: int) -> list[Segment]:
    """So many segments, of which the first ``windows`` look at a window of days; few customers match the early ones."""
    return [_segment(number, has_window=number < windows) for number in range(segments)]


def _segment(number: int, *, has_window: bool) -> Segment:
    condition: dict[str, Any] = {"variable": "failed_payments", "operator": "gt", "value": 3 + number}
    if has_window:
        condition["within_days"] = 30 * (number + 1)
    rule = {
        "all": [
            condition,
            {
                "variable": "total_balance",
                "operator": "gt",
                "value": {"amount": str(50000 - number), "currency": "COP"},
            },
            {"variable": "customer_type", "operator": "eq", "value": "person" if number % 2 else "company"},
        ]
    }
    return {"segment_id": f"s{number}", "name": f"Segmento {number}", "rule": rule, "flow_id": None}
