"""The glossary says of every variable what it is, what may be asked of it, and what is known of it."""

from datetime import date
from typing import Any

from services.segmenter.domain.meanings import MEANINGS
from services.segmenter.domain.variables import BUILT_IN
from tests.oracle.accounts import account, an_invoice
from tests.services.segmenter.house import House
from tests.services.segmenter.sender import declared
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)


async def glossary(house: House) -> dict[str, dict[str, Any]]:
    answer = await house.get("/glossary")
    assert answer["next_cursor"] is None
    return {item["key"]: item for item in answer["items"]}


def test_every_built_in_variable_is_explained_in_two_languages() -> None:
    assert MEANINGS.keys() == BUILT_IN.keys()
    for meaning in MEANINGS.values():
        for said in (meaning.description.es, meaning.description.en):
            assert said.endswith(".")
        assert meaning.title.es
        assert meaning.title.en


async def test_a_built_in_variable(house: House) -> None:
    await told(
        house.segmenter,
        account(an_invoice("10", issued_on=TODAY, due_on=TODAY), customer_id="ana"),
        account(an_invoice("7.5", issued_on=TODAY, due_on=TODAY), customer_id="eva"),
        account(customer_id="leo"),
    )
    found = (await glossary(house))["total_balance"]
    assert found == {
        "key": "total_balance",
        "type": "money",
        "title": {"es": "Saldo total", "en": "Total balance"},
        "description": {
            "es": "Suma de los saldos de las facturas abiertas en la moneda de cobro del cliente.",
            "en": "The sum of the balances of open invoices in the customer's billing currency.",
        },
        "operators": ["eq", "ne", "gt", "gte", "lt", "lte", "between", "is_set", "is_not_set"],
        "choices": [],
        "windowed": False,
        "custom": False,
        "segmentable": True,
        "reason": None,
        "loaded": {"customers": 2, "of": 3, "counted_at": "2026-03-09T17:00:00Z"},
        "range": {
            "min": [{"amount": "0.00", "currency": "COP"}],
            "max": [{"amount": "10.00", "currency": "COP"}],
        },
    }


async def test_dates_and_numbers_have_a_range_and_words_have_none(house: House) -> None:
    await told(house.segmenter, account(an_invoice("10", issued_on=TODAY, due_on=TODAY), customer_id="ana"))
    found = await glossary(house)
    assert found["oldest_due_on"]["range"] == {"min": "2026-03-09", "max": "2026-03-09"}
    assert found["invoices_issued"]["range"] == {"min": 1, "max": 1}
    assert found["invoices_issued"]["windowed"]
    assert (found["name"]["range"], found["on_time_ratio"]["range"]) == (None, None)
    assert found["on_time_ratio"]["loaded"]["customers"] == 0


async def test_aging_is_not_segmentable_and_says_why(house: House) -> None:
    found = await glossary(house)
    refused = {key for key, item in found.items() if not item["segmentable"]}
    assert refused == {"days_past_due", "aging_bucket", "oldest_due_on"}
    assert all(bool(item["reason"]) == (key in refused) for key, item in found.items())
    assert found["aging_bucket"]["choices"] == ["current", "1-30", "31-60", "61-90", "91+"]


async def test_a_custom_variable_is_in_it_once_declared(house: House) -> None:
    await house.segmenter.hears(declared("barrio", 1, es="Barrio"))
    found = (await glossary(house))["barrio"]
    assert (found["type"], found["title"], found["custom"]) == ("text", {"es": "Barrio", "en": "Barrio"}, True)
    assert found["loaded"]["customers"] == 0
