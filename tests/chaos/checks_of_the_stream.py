"""What ``customers.v1`` must say, held against the history: all accepted, once, whole, in order, without a gap."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tests.chaos.history import History, Write
from tests.journeys.listening import Heard
from tests.oracle.facts import Account, Invoice

Told = Mapping[str, Mapping[int, Heard]]
"""Per customer, the event of each sequence number."""

_OF_FACTS = {"invoice.issued": "invoice_id", "payment.succeeded": "payment_id", "payment.failed": "payment_id"}


def by_sequence(events: Iterable[Heard]) -> tuple[Told, list[str]]:
    """What was told of whom, and where one sequence number was told with two meanings."""
    told: dict[str, dict[int, Heard]] = {}
    findings = []
    for event in events:
        first = told.setdefault(event.key, {}).setdefault(event.sequence, event)
        if _meaning(first) != _meaning(event):
            findings.append(f"{event.key} {event.sequence} was told twice, and differently")
    return told, findings


def _meaning(event: Heard) -> tuple[str, bytes | None, bytes]:
    return event.type, dict(event.raw_headers).get("ce_id"), event.raw_value


def gaps(told: Told) -> list[str]:
    """Customers whose sequence numbers are not 1, 2, 3…"""
    return [
        f"{customer_id}: its sequence has {len(numbers)} events and ends at {max(numbers)}"
        for customer_id, numbers in told.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]


def lost(history: History, told: Told) -> list[str]:
    """Accepted writes that nobody was told of."""
    return [f"{write.name} was accepted and is lost" for write in history.writes("accepted") if not _seqs(told, write)]


def is_told(told: Told, write: Write) -> bool:
    return bool(_seqs(told, write))


def doubled(told: Told) -> list[str]:
    """Facts told under two sequence numbers."""
    counted = Counter((key, _fact_id(event)) for key, numbers in told.items() for event in numbers.values())
    return [f"{key} {fact} was told {times} times" for (key, fact), times in counted.items() if times > 1]


def unasked(history: History, told: Told) -> list[str]:
    """Facts that nobody asked for, that were refused, or that are not what was asked for."""
    asked = {write.name: write for write in history.writes()}
    findings = []
    for key, numbers in told.items():
        for event in numbers.values():
            if event.type in _OF_FACTS:
                findings += _compared(asked.get((key, _fact_id(event))), event)
            elif event.type != "customer.registered":
                findings.append(f"{key}: nobody asked for {event.type}")
    return findings


def out_of_order(history: History, told: Told) -> list[str]:
    """Customers of whom a write answered earlier has the higher sequence number."""
    findings = []
    for customer_id, writes in history.of.items():
        numbers = [_seqs(told, write) for write in writes if write.outcome == "accepted"]
        taken = [one[0] for one in numbers if one]
        if taken != sorted(taken):
            findings.append(f"{customer_id}: its accepted writes are not told in their order")
    return findings


def accounts(history: History, told: Told) -> list[Account]:
    """Every customer with what was asked for of it, as far as it was told, in the order told."""
    asked = {write.name: write.fact for write in history.writes()}
    found = []
    for customer_id, customer in sorted(history.customers.items()):
        events: Sequence[Heard] = [event for _, event in sorted(told.get(customer_id, {}).items())]
        names = [(customer_id, _fact_id(event)) for event in events if event.type in _OF_FACTS]
        found.append(Account(customer, [asked[name] for name in names if name in asked]))
    return found


def _compared(write: Write | None, event: Heard) -> list[str]:
    if write is None or write.outcome == "refused":
        return [f"{event.key} {_fact_id(event)} was told and never accepted"]
    kind = "invoice.issued" if isinstance(write.fact, Invoice) else f"payment.{write.fact.status}"
    amount = Decimal(event.data["amount"]["amount"])
    whole = (kind, write.fact.amount) == (event.type, amount)
    return [] if whole else [f"{write.name} was told otherwise than it was asked for"]


def _seqs(told: Told, write: Write) -> list[int]:
    customer_id, fact_id = write.name
    return sorted(number for number, event in told.get(customer_id, {}).items() if _fact_id(event) == fact_id)


def _fact_id(event: Heard) -> str:
    return str(event.data.get(_OF_FACTS.get(event.type, "customer_id")))
