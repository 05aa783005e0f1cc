"""Which segment a customer is in: the first whose rule is true, else Default."""

from dataclasses import dataclass

from tests.oracle.rules import Rule, verdict
from tests.oracle.variables import Moment

DEFAULT = "default"


@dataclass(frozen=True)
class Segment:
    """A named rule; a cascade is a list of them in priority order."""

    segment_id: str
    name: str
    rule: Rule
    flow_id: str | None = None


def segment_of(moment: Moment, cascade: list[Segment]) -> str:
    """The id of the customer's one segment. Unknown does not match (24)."""
    for segment in cascade:
        if verdict(segment.rule, moment) is True:
            return segment.segment_id
    return DEFAULT
