"""Where one customer stands: segment, flow, bucket and every variable, while days turn and refreshes go on."""

from datetime import date, timedelta
from decimal import Decimal

from services.segmenter.domain.variables import BUILT_IN
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.facts import Money
from tests.services.segmenter.house import House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
FLOW = {"name": "Cordial", "channels": ["call"], "frequency": "weekly", "content": None}
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def ana(house: House) -> None:
    await declare_variables(house.segmenter)
    await told(
        house.segmenter,
        account(
            an_invoice("100.5", issued_on=TODAY - timedelta(days=40), product="Luz"),
            paid("0.25", on=TODAY - timedelta(days=3)),
            failed(on=TODAY),
            customer_id="ana",
            risk_score=Decimal("640.5"),
            variables={"estrato": Decimal(3), "cupo": Money(Decimal(5), "USD"), "ciudad": "Cali"},
        ),
    )


async def test_it_tells_segment_flow_and_bucket(house: House) -> None:
    await ana(house)
    await house.call("PUT", "/flows/cordial", FLOW)
    await house.drafts({**FAILING, "flow_id": "cordial"})
    await house.refreshes()
    standing = await house.get("/standings/ana")
    standing.pop("variables")
    assert standing == {
        "customer_id": "ana",
        "name": "Ana Pérez",
        "segment": {"segment_id": "fallidos", "name": "Fallidos", "as_of": "2026-03-09"},
        "since": "2026-03-09T17:00:00Z",
        "flow": {"flow_id": "cordial", **FLOW},
        "revision": 2,
        "refreshing": False,
        "aging_bucket": "31-60",
        "risk": {
            "level": "high",
            "reasons": [
                {
                    "code": "average_days_late",
                    "es": "paga en promedio 37 días después del vencimiento",
                    "en": "it pays 37 days after the due date on average",
                }
            ],
        },
        "as_of": "2026-03-09",
        "next_change_on": None,
    }


async def test_it_has_every_variable(house: House) -> None:
    await ana(house)
    variables = (await house.get("/standings/ana"))["variables"]
    assert variables.keys() == {*BUILT_IN, "ciudad", "estrato", "cupo", "contrato", "vip", "canal"}
    told_of = {
        "total_balance": {"amount": "100.25", "currency": "COP"},
        "failed_payments": 1,
        "payments_per_month": 0.08,
        "risk_score": 640.5,
        "last_payment_on": "2026-03-06",
        "products": ["Luz"],
        "is_recurring": False,
        "email": None,
        "oldest_due_on": "2026-01-28",
        "estrato": 3,
        "cupo": {"amount": "5.00", "currency": "USD"},
        "ciudad": "Cali",
        "contrato": None,
        "vip": None,
    }
    assert {key: variables[key] for key in told_of} == told_of


async def test_nobody_stands_nowhere(house: House) -> None:
    assert problem(await house.call("GET", "/standings/nadie")) == (404, "unknown_customer")


async def test_it_says_by_which_day_and_revision_it_was_judged_last(house: House) -> None:
    await ana(house)
    await house.segmenter.turns_day(TODAY + timedelta(days=2))
    standing = await house.get("/standings/ana")
    assert (standing["segment"]["as_of"], standing["revision"]) == ("2026-03-11", 1)
    assert standing["since"] == "2026-03-09T17:00:00Z"
    await house.refreshes()
    assert (await house.get("/standings/ana"))["revision"] == 2


async def test_while_a_refresh_converges_it_says_what_was_judged_by(house: House) -> None:
    await ana(house)
    await told(house.segmenter, account(failed(on=TODAY), customer_id="zoe"))
    await house.drafts(FAILING)
    await house.asks_refresh()
    await house.segmenter.publishes()
    standing = await house.get("/standings/ana")
    assert (standing["refreshing"], standing["revision"], standing["segment"]["segment_id"]) == (True, 1, "default")
    await house.segmenter.runs_refresh()
    standing = await house.get("/standings/ana")
    assert (standing["refreshing"], standing["revision"], standing["segment"]["segment_id"]) == (False, 2, "fallidos")
