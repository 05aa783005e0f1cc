"""A weekly rule ``r``, those who owe something, and the run of one Thursday: what most tests of runs begin with."""

from datetime import date
from typing import Any

from tests.oracle.accounts import account, an_invoice
from tests.oracle.facts import Account
from tests.services.statements.house import House

THURSDAY = "2026-03-12T09:00:01-05:00"
PERIOD = "2026-W11-thu"


def debtor(customer_id: str, amount: str = "100", *, due_on: date = date(2026, 2, 1), **known: Any) -> Account:
    invoice = an_invoice(amount, issued_on=date(2026, 1, 5), due_on=due_on)
    return account(invoice, customer_id=customer_id, **{"email": f"{customer_id}@correo.demo", **known})


async def due(house: House, instant: str = THURSDAY) -> dict[str, Any]:
    """Let the period fall due with everything heard, and do all there is to do."""
    house.clock.set(instant)
    await house.all_is_heard()
    await house.work()
    return await house.run_of("r", PERIOD)


def outcomes(deliveries: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str | None]]:
    return {one_id: (one["state"], one["reason"]) for one_id, one in deliveries.items()}


async def planned(house: House, *accounts: Account, **rule: Any) -> None:
    """The period has fallen due and is planned; nothing is prepared or sent yet."""
    await house.know(*accounts)
    await house.put_rule("r", **rule)
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    steps = house.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    await steps.plan_runs()
