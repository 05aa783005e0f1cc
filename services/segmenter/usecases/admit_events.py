"""Which events of a batch to take: per customer exactly the next ones. A gap, or a stranger, is for repair."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.segmenter.domain.facts import Attributes, Fact
from shared.messaging.sequence import NOTHING, Position, Verdict, judge


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a customer; ``is_history``: a fact of a history load."""

    customer_id: str
    position: Position
    fact: Fact
    is_history: bool = False


@dataclass(frozen=True)
class Admitted:
    """What is to be done with a batch."""

    facts: dict[str, list[Fact]] = field(default_factory=dict)
    """Per customer, in their order; a customer heard of is there even if nothing of it changes."""
    positions: dict[str, Position] = field(default_factory=dict)
    """Up to where the events of these customers are taken."""
    of_history: set[str] = field(default_factory=set)
    """Customers with an event of a history load among those taken."""
    behind: dict[str, Position] = field(default_factory=dict)
    """Customers whose events cannot be taken, with the highest position seen."""


def newcomers(heard: Iterable[Heard]) -> dict[str, Attributes]:
    """Customers whose first event ever, the registration, is here."""
    return {h.customer_id: h.fact.attributes for h in heard if h.position.seq == 1 and h.fact.attributes}


def admit(heard: Iterable[Heard], known: Mapping[str, Position]) -> Admitted:
    """Judge each event in its order against what is ``known`` of customers (strangers are not in it)."""
    admitted = Admitted()
    for event in heard:
        customer_id = event.customer_id
        at = admitted.positions.get(customer_id, known.get(customer_id, NOTHING))
        verdict = judge(at, event.position) if customer_id in known else Verdict.FALL_BEHIND
        if verdict is Verdict.APPLY:
            admitted.facts.setdefault(customer_id, []).append(event.fact)
            admitted.positions[customer_id] = event.position
            if event.is_history:
                admitted.of_history.add(customer_id)
        elif verdict is Verdict.FALL_BEHIND:
            admitted.behind[customer_id] = max(event.position, admitted.behind.get(customer_id, NOTHING))
    return admitted
