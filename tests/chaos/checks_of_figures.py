"""Final segments, ledgers and statements, held against a recomputation by the oracle from what was accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.chaos.checks_of_the_stream import Told
from tests.journeys.statement_wire import expected_totals
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.facts import Account, Money
from tests.oracle.ledger import Ledger
from tests.oracle.settings import Settings
from tests.oracle.statement import full_statement
from tests.oracle.variables import at, value_of


@dataclass(frozen=True)
class Expected:
    """What the oracle says of one customer."""

    row: dict[str, Any]
    ledger: Ledger


def expected(
    accounts: Sequence[Account], today: date, settings: Settings, cascade: list[Segment]
) -> dict[str, Expected]:
    """Every customer as of today, worked out from its facts alone."""
    return {one.customer.customer_id: _expected(one, today, settings, cascade) for one in accounts}


def _expected(account: Account, today: date, settings: Settings, cascade: list[Segment]) -> Expected:
    moment = at(account, today, settings)
    row = {
        "segment_id": segment_of(moment, cascade),
        "aging_bucket": value_of(moment, "aging_bucket"),
        "risk_level": value_of(moment, "risk_level"),
        "total_balance": value_of(moment, "total_balance").amount,
        "overdue_balance": value_of(moment, "overdue_balance").amount,
    }
    return Expected(row, moment.ledger)


def segments(wanted: Mapping[str, Expected], members: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Customers whose segment, bucket, risk or balance is not the oracle's."""
    findings = []
    for customer_id, one in wanted.items():
        found = members.get(customer_id, {})
        wrong = {key: (found.get(key), value) for key, value in one.row.items() if not _same(found.get(key), value)}
        findings += [f"{customer_id}: {key} is {is_}, not {should}" for key, (is_, should) in wrong.items()]
    return findings


def ledgers(wanted: Mapping[str, Expected], who: str, balances: Mapping[tuple[str, str], Decimal]) -> list[str]:
    """Invoices that somebody has with another balance than the oracle, has not, or has and should not."""
    should = {(c, i): balance for c, one in wanted.items() for i, balance in one.ledger.balances.items()}
    wrong = {name for name in should.keys() | balances.keys() if should.get(name) != balances.get(name)}
    return [f"{who}: {name} is {balances.get(name)}, not {should.get(name)}" for name in sorted(wrong)]


def moves(told: Told, members: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Customers whose moves do not begin where the one before ended, or do not end where they are."""
    findings = []
    for customer_id, member in members.items():
        events = [event for _, event in sorted(told.get(customer_id, {}).items()) if event.type == "segment.assigned"]
        if any(before.data["to"] != after.data["from"] for before, after in pairwise(events)):
            findings.append(f"{customer_id}: its moves do not follow from one another")
        if not events or events[-1].data["to"]["id"] != member["segment_id"]:
            findings.append(f"{customer_id}: the last move told is not where it is")
    return findings


def totals(accounts: Sequence[Account], day: date, deliveries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Statements of a day at rest whose totals are not the oracle's."""
    findings = []
    for account in accounts:
        customer_id = account.customer.customer_id
        should = expected_totals(full_statement(account, day))
        told = deliveries.get(customer_id, {}).get("totals", [])
        found = [Money(Decimal(total["amount"]), total["currency"]) for total in told]
        if found != should:
            findings.append(f"{customer_id}: its statement says {found}, not {should}")
    return findings


def _same(found: Any, wanted: Any) -> bool:
    return Decimal(str(found or 0).split()[0]) == wanted if isinstance(wanted, Decimal) else found == wanted
