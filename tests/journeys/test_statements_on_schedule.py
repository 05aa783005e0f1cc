"""Rules come due and statements land in mailboxes: one a period and customer, with the ledger's own amounts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from operator import itemgetter
from random import Random
from typing import Any

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.listening import Ear
from tests.journeys.people_read import amount_in_colombia
from tests.journeys.statement_wire import expected_totals, figures_json, told_figures
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.facts import Account, Fact, Invoice, Money
from tests.oracle.statement import Figures, full_statement, overdue_statement
from tests.support.eventually import eventually

START = date(2026, 1, 29)


@dataclass(frozen=True)
class Rule:
    """A statement rule, and what the oracle says it must send."""

    rule_id: str
    body: dict[str, Any]
    figures: Callable[[Account, date], list[Figures]]


WEEKLY = Rule(
    "semanal",
    {
        "name": "Vencidos 10+",
        "frequency": {"type": "weekly", "weekdays": ["monday", "thursday"]},
        "time": "09:00",
        "time_zone": "America/Bogota",
        "content": {"type": "overdue", "min_days_overdue": 10},
        "status": "active",
    },
    lambda account, day: overdue_statement(account, day, min_days_overdue=10),
)
MONTHLY = Rule(
    "mensual",
    {
        "name": "Estado de cuenta mensual",
        "frequency": {"type": "monthly", "day": 31},
        "time": "10:00",
        "time_zone": "America/Bogota",
        "content": {"type": "full", "paid_within_days": 90},
        "status": "active",
    },
    full_statement,
)

OCCURRENCES = [
    (WEEKLY, "2026-W05-thu", "2026-01-29T09:00:00-05:00"),
    (MONTHLY, "2026-01", "2026-01-31T10:00:00-05:00"),
    (WEEKLY, "2026-W06-mon", "2026-02-02T09:00:00-05:00"),
    (WEEKLY, "2026-W09-thu", "2026-02-26T09:00:00-05:00"),
    (MONTHLY, "2026-02", "2026-02-28T10:00:00-05:00"),
    (WEEKLY, "2026-W10-mon", "2026-03-02T09:00:00-05:00"),
    (MONTHLY, "2026-03", "2026-03-31T10:00:00-05:00"),
]
MISSED = ["2026-W06-thu", "2026-W07-mon", "2026-W07-thu", "2026-W08-mon", "2026-W08-thu", "2026-W09-mon"]

Sent = tuple[str, str, str]
"""A rule, a period, an address."""


@pytest.fixture(scope="module")
async def cascada(start_cascada: StartCascada) -> Cascada:
    """Two workers of statements, two active rules."""
    cascada = await start_cascada(clock="2026-01-29T08:00:00-05:00", STATEMENTS_WORKERS="2", CURRENCIES="COP,USD")
    for rule in (WEEKLY, MONTHLY):
        answer = await cascada.statements.put(f"/rules/{rule.rule_id}", json=rule.body)
        assert answer.status_code == 201, answer.text
    return cascada


async def test_each_period_sends_one_statement_to_each_customer_with_the_ledgers_amounts(cascada: Cascada) -> None:
    random = Random(31)
    accounts = {one.customer.customer_id: one for one in (_somebody(number, random) for number in range(40))}
    await cascada.load(accounts.values())
    expected: Counter[Sent] = Counter()
    for rule, period, instant in OCCURRENCES:
        at = datetime.fromisoformat(instant)
        cascada.stack.set_clock(at - timedelta(seconds=2))
        run = await eventually(partial(_finished, cascada, rule, period), within=30)
        owing = {one_id: rule.figures(one, at.date()) for one_id, one in accounts.items()}
        mailed = {one_id: figures for one_id, figures in owing.items() if figures}
        assert await _outcomes(cascada, run) == {one_id: _outcome(one_id in mailed) for one_id in accounts}
        for one_id, figures in mailed.items():
            await _same_amounts(cascada, run, accounts[one_id], figures)
            expected[rule.rule_id, period, _address(one_id)] += 1
        assert await _mails(cascada) == expected
        await _life_goes_on(cascada, list(accounts.values()), random, at.date())
    assert set(expected.values()) == {1}
    assert await _missed(cascada) == MISSED
    await eventually(lambda: _all_told(cascada, expected.total()))


def _somebody(number: int, random: Random) -> Account:
    """Invoices and payments of the last five months, in pesos and sometimes in dollars."""
    facts: list[Fact] = []
    for days in sorted((random.randint(1, 150) for _ in range(random.randint(0, 6))), reverse=True):
        day, currency = START - timedelta(days=days), random.choice(["COP", "COP", "COP", "USD"])
        amount = f"{random.randint(1, 3_000_000)}.{random.choice(['00', '50'])}"
        if random.random() < 0.6:
            due_on = day + timedelta(days=random.choice([0, 15, 30, 60]))
            facts.append(an_invoice(amount, issued_on=day, due_on=due_on, currency=currency, number=f"FV-{len(facts)}"))
        else:
            facts.append(random.choice([paid, paid, failed])(amount, on=day, currency=currency))
    customer_id = f"deudor-{number:02}"
    return account(*facts, customer_id=customer_id, email=_address(customer_id))


def _address(customer_id: str) -> str:
    return f"{customer_id}@correo.demo"


async def _life_goes_on(cascada: Cascada, accounts: list[Account], random: Random, day: date) -> None:
    """Some pay an invoice, wholly or in part, and some get a new one."""
    for one in random.sample(accounts, 10):
        invoices = [fact for fact in one.facts if isinstance(fact, Invoice)]
        fact: Fact = an_invoice("75000.5", issued_on=day, due_on=day + timedelta(days=5))
        if invoices and random.random() < 0.7:
            invoice = random.choice(invoices)
            amount = invoice.amount / random.choice([1, 2])
            fact = paid(str(amount), on=day, at=time.min, currency=invoice.currency)
        one.facts.append(fact)
        answer = await cascada.put(one.customer.customer_id, fact)
        assert answer.status_code == 201, answer.text


def _outcome(is_mailed: bool) -> tuple[bool, str | None]:
    """Whether it was accepted, and why not."""
    return (True, None) if is_mailed else (False, "nothing_to_state")


async def _finished(cascada: Cascada, rule: Rule, period: str) -> dict[str, Any]:
    """The one run of a rule and period, once it is over."""
    runs = (await cascada.statements.get("/runs", params={"rule_id": rule.rule_id})).json()["items"]
    mine = [run for run in runs if run["period"] == period]
    assert [run["state"] for run in mine] == ["finished"]
    return dict(mine[0])


async def _deliveries(cascada: Cascada, run: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await cascada.statements.get(f"/runs/{run['run_id']}/deliveries", params={"limit": 500})
    return list(answer.json()["items"])


async def _outcomes(cascada: Cascada, run: dict[str, Any]) -> dict[str, tuple[bool, str | None]]:
    deliveries = await _deliveries(cascada, run)
    assert len({one["customer_id"] for one in deliveries}) == len(deliveries) == run["counts"]["audience"]
    return {one["customer_id"]: (one["state"] in ("accepted", "delivered"), one["reason"]) for one in deliveries}


async def _same_amounts(cascada: Cascada, run: dict[str, Any], one: Account, figures: list[Figures]) -> None:
    """The mail's JSON, text and HTML show the oracle's figures."""
    params = {"customer_id": one.customer.customer_id}
    [found] = (await cascada.statements.get(f"/runs/{run['run_id']}/deliveries", params=params)).json()["items"]
    totals = [Money(Decimal(total["amount"]), total["currency"]) for total in found["totals"]]
    assert totals == expected_totals(figures)
    content = (await cascada.statements.get(f"/deliveries/{found['delivery_id']}/content")).json()
    told = [
        told_figures(currency) for currency in sorted(content["statement"]["currencies"], key=itemgetter("currency"))
    ]
    assert told == [figures_json(one, each) for each in figures]
    for amount, currency in expected_totals(figures):
        for part in ("text", "html"):
            assert currency in content[part]
            assert amount_in_colombia(abs(amount)) in content[part]


async def _mails(cascada: Cascada) -> Counter[Sent]:
    """How often each address got each rule's statement of each period."""
    mails: Counter[Sent] = Counter()
    cursor = None
    while True:
        page = (await cascada.mail.get("/messages", params={"cursor": cursor} if cursor else {})).json()
        for mail in page["items"]:
            headers = mail["headers"]
            mails.update((headers["X-Cascada-Rule"], headers["X-Cascada-Period"], to) for to in mail["to"])
        cursor = page["next_cursor"]
        if not cursor:
            return mails


async def _missed(cascada: Cascada) -> list[str]:
    """Periods that the clock jumped over: recorded, not sent."""
    runs = (await cascada.statements.get("/runs", params={"state": "missed", "limit": 100})).json()["items"]
    assert {run["reason"] for run in runs} == {"outside_catch_up"}
    return sorted(run["period"] for run in runs if run["period"] in MISSED)


async def _all_told(cascada: Cascada, sent: int) -> bool:
    """Each statement sent is told once on ``statements.v1``."""
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "statements.v1") as ear:
        told = {event.data["delivery_id"] for event in await ear.listen() if event.type == "statement.sent"}
    return len(told) == sent
