"""One customer's ledger twice: as customers answers it, and as the plain-Python oracle has it."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.services.customers.house import House
from tests.services.customers.oracle import Oracle, Step, Void, day
from tests.services.customers.stories import body_of, path_of


async def send(house: House, customer: str, step: Step) -> int:
    """The status a step is answered with over HTTP."""
    method = house.post if isinstance(step, Void) else house.put
    return (await method(f"/customers/{customer}/{path_of(step)}", body_of(step))).status_code


def expected(oracle: Oracle) -> dict[str, Any]:
    """A customer's ledger as the oracle has it."""
    return {
        "seq": len(oracle.history) + 1,
        "applied": oracle.applied(),
        "owed": oracle.owed,
        "settled": oracle.settled,
        "left": oracle.left,
        "refunded": oracle.refunded(),
        "voided": {name: day(on) for name, on in oracle.voided.items()},
    }


async def stored(house: House, customer: str) -> dict[str, Any]:
    """A customer's ledger as customers answers it."""
    snapshot = (await house.get(f"/customers/{customer}/snapshot")).json()
    payments = (await house.get(f"/customers/{customer}/payments", limit=500)).json()["items"]
    notes = (await house.get(f"/customers/{customer}/credit-notes", limit=500)).json()["items"]
    kinds = {"credit": "credit_note", "write_off": "write_off"}
    left = {("payment", one["payment_id"]): Decimal(one["unapplied"]["amount"]) for one in payments}
    left |= {(kinds[one["kind"]], one["credit_note_id"]): Decimal(one["unapplied"]["amount"]) for one in notes}
    return {
        "seq": snapshot["seq"],
        "applied": [_application(one) for one in snapshot["applications"]],
        "owed": {one["invoice_id"]: Decimal(one["balance"]["amount"]) for one in snapshot["balances"]},
        "settled": {one["invoice_id"]: _day(one["settled_on"]) for one in snapshot["balances"]},
        "left": left,
        "refunded": {one["payment_id"]: Decimal(one["refunded"]["amount"]) for one in payments},
        "voided": {one["invoice_id"]: _day(one["voided_on"]) for one in snapshot["invoices"] if one["voided_on"]},
    }


def _application(one: dict[str, Any]) -> tuple[str, str, str, Decimal, date | None]:
    amount = Decimal(one["amount"]["amount"])
    return one["credit_kind"], one["credit_id"], one["invoice_id"], amount, _day(one["applied_on"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
