"""Alert rules as SQL over ``customers c JOIN behaviour b JOIN membership m``: which of them hold for a customer."""

from collections.abc import Sequence

from services.segmenter.domain.alert_rules import ReadyRule
from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.rule_sql import rule_sql

_NONE = "CAST(ARRAY[] AS text[])"
KNOWN_SQL = (
    "(CASE WHEN EXISTS (SELECT FROM alerts_held) THEN ARRAY("
    f"SELECT h.alert_rule_id FROM alerts_held h WHERE h.customer_id = c.customer_id ORDER BY 1) ELSE {_NONE} END)"
)
"""The ids of the rules that held when the customer was last judged, in order."""


def held_sql(rules: Sequence[ReadyRule], settings: Settings, binds: Binds) -> str:
    """The ids of the rules that hold now, in the order of ``rules``: by id. None holds for an archived customer."""
    if not rules:
        return _NONE
    parts = [
        f"CASE WHEN {_holds(one, settings, binds)} THEN {binds.bind(one.alert_rule_id, 'text')} END" for one in rules
    ]
    return f"(CASE WHEN c.archived THEN {_NONE} ELSE array_remove(ARRAY[{', '.join(parts)}], NULL) END)"


def _holds(one: ReadyRule, settings: Settings, binds: Binds) -> str:
    conditions = []
    if one.rule.segment_ids:
        conditions.append(f"m.segment_id = ANY({binds.bind(list(one.rule.segment_ids), 'text[]')})")
    if one.when is not None:
        conditions.append(rule_sql(one.when, settings, binds))
    return " AND ".join(conditions)
