"""What is wrong with an input is named, with its place, and nothing of it is stored."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.services.customers.house import House, open_house
from tests.services.customers.sentences import a_payment, a_person, a_variable, an_invoice, for_invoice, in_dollars
from tests.support.databases import Databases

EUROS = {"amount": "1", "currency": "EUR"}

CUSTOMERS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "Ana"}, "required", "/type"),
    ({"type": "person"}, "required", "/name"),
    (a_person(name=" "), "required", "/name"),
    (a_person(type="dog"), "unknown_choice", "/type"),
    (a_person(nickname="Anita"), "unknown_field", "/nickname"),
    (a_person(merge=True), "unknown_field", "/merge"),
    (a_person(currency="EUR"), "unknown_currency", "/currency"),
    (a_person(registered_on="2026-03-11"), "date_in_future", "/registered_on"),
    (a_person(registered_on="2026-02-30"), "wrong_type", "/registered_on"),
    (a_person(email="no arroba"), "invalid_email", "/email"),
    (a_person(emails=["a@b.co", "x"]), "invalid_email", "/emails/1"),
    (a_person(phone=3105550101), "wrong_type", "/phone"),
    (a_person(phone="a\x00b"), "wrong_type", "/phone"),
    (a_person(time_zone="Bogota"), "unknown_time_zone", "/time_zone"),
    (a_person(risk_score="640"), "wrong_type", "/risk_score"),
    (a_person(risk_score=1e300), "out_of_range", "/risk_score"),
    (a_person(document={"type": "CC"}), "required", "/document/number"),
    (a_person(document={"type": "CC", "number": "---"}), "required", "/document/number"),
    (a_person(document={"type": ". _", "number": "1"}), "required", "/document/type"),
    (a_person(variables={"nobody": 1}), "unknown_variable", "/variables/nobody"),
    (a_person(variables={"a/b~c": 1}), "unknown_variable", "/variables/a~1b~0c"),
    (a_person(variables={"numero": "12"}), "wrong_type", "/variables/numero"),
    (a_person(variables={"numero": True}), "wrong_type", "/variables/numero"),
    (a_person(variables={"numero": 1e300}), "out_of_range", "/variables/numero"),
    (a_person(variables={"numero": 10**400}), "out_of_range", "/variables/numero"),
    (a_person(variables={"cupo": 12}), "wrong_type", "/variables/cupo"),
    (a_person(variables={"cupo": {"amount": 12, "currency": "COP"}}), "wrong_type", "/variables/cupo"),
    (a_person(variables={"cupo": EUROS}), "unknown_currency", "/variables/cupo/currency"),
    (a_person(variables={"dia": "mañana"}), "wrong_type", "/variables/dia"),
    (a_person(variables={"dia": "0001-01-01"}), "out_of_range", "/variables/dia"),
    (a_person(variables={"dia": "9999-12-31"}), "out_of_range", "/variables/dia"),
    (a_person(variables={"si": "true"}), "wrong_type", "/variables/si"),
    (a_person(variables={"nivel": "bronce"}), "unknown_choice", "/variables/nivel"),
    (a_person(variables={"texto": 5}), "wrong_type", "/variables/texto"),
]

INVOICES: list[tuple[dict[str, Any], str, str]] = [
    (an_invoice(100), "wrong_type", "/amount"),
    (an_invoice(100.5), "wrong_type", "/amount"),
    (an_invoice("1.00001"), "wrong_type", "/amount"),
    (an_invoice("1e3"), "wrong_type", "/amount"),
    (an_invoice({"amount": 100, "currency": "COP"}), "wrong_type", "/amount/amount"),
    (an_invoice("-1"), "out_of_range", "/amount"),
    (an_invoice(EUROS), "unknown_currency", "/amount/currency"),
    (an_invoice(issued="2026-03-11"), "date_in_future", "/issued_on"),
    (an_invoice(due="15/02/2026"), "wrong_type", "/due_on"),
    (an_invoice(due="9999-12-31"), "out_of_range", "/due_on"),
    (an_invoice(due="0001-01-01"), "out_of_range", "/due_on"),
    (an_invoice(lines=[{"description": "x"}, {"description": "y", "amount": 5}]), "wrong_type", "/lines/1/amount"),
    (an_invoice(lines=[{"description": "x", "amount": EUROS}]), "unknown_currency", "/lines/0/amount/currency"),
    (an_invoice(total="1"), "unknown_field", "/total"),
    ({"issued_on": "2026-02-01", "due_on": "2026-02-01"}, "required", "/amount"),
]

PAYMENTS: list[tuple[dict[str, Any], str, str]] = [
    (a_payment(100), "wrong_type", "/amount"),
    (a_payment("0"), "out_of_range", "/amount"),
    (a_payment(EUROS), "unknown_currency", "/amount/currency"),
    (a_payment(status="pending"), "unknown_choice", "/status"),
    (a_payment(at="2026-03-10T14:05:01Z"), "date_in_future", "/occurred_at"),
    (a_payment(at="2026-03-10T14:00:00"), "wrong_type", "/occurred_at"),
    (a_payment(at="0001-01-01T00:00:00Z"), "out_of_range", "/occurred_at"),
    (a_payment(at="9999-12-31T23:59:59Z"), "out_of_range", "/occurred_at"),
    (a_payment(allocations=[for_invoice("f9", "1")]), "unknown_invoice", "/allocations/0/invoice_id"),
    (a_payment(in_dollars("5"), allocations=[for_invoice("f1", "1")]), "unknown_invoice", "/allocations/0/invoice_id"),
    (a_payment(allocations=[for_invoice("f1", in_dollars("1"))]), "wrong_currency", "/allocations/0/amount/currency"),
    (a_payment("5", allocations=[for_invoice("f1", "5.01")]), "allocations_exceed_amount", "/allocations"),
    (a_payment("5", allocations=[for_invoice("f1", "0")]), "out_of_range", "/allocations/0/amount"),
    (a_payment("5", allocations=[for_invoice("f 1", "1")]), "invalid_id", "/allocations/0/invoice_id"),
]


@pytest.fixture(scope="module")
async def house(_databases: Databases) -> AsyncIterator[House]:
    """One for all these tests: what they send is refused, so it stays as it is."""
    url = await _databases.create("customers")
    async with open_house(url) as opened:
        yield opened
    await _databases.drop(url)


@pytest.fixture
async def before(house: House) -> int:
    """A customer with an invoice, and a variable of every type; how many events that was."""
    for key, kind in {"numero": "number", "cupo": "money", "dia": "date", "si": "boolean", "texto": "text"}.items():
        await house.put(f"/variables/{key}", a_variable(kind))
    await house.put("/variables/nivel", a_variable("choice", choices=["oro"]))
    await house.put("/customers/ana", a_person())
    await house.put("/customers/ana/invoices/f1", an_invoice("100"))
    return len(await house.told())


CASES = [
    *(("/customers/new", *case) for case in CUSTOMERS),
    *(("/customers/ana/invoices/new", *case) for case in INVOICES),
    *(("/customers/ana/payments/new", *case) for case in PAYMENTS),
]


@pytest.mark.parametrize(("path", "body", "code", "pointer"), CASES)
async def test_the_mistake_is_named_and_nothing_stored(
    house: House, before: int, path: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await house.put(path, body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [(code, pointer)]
    assert (await house.get(path)).status_code == 404
    assert len(await house.told()) == before


async def test_each_mistake_of_a_body_is_named(house: House, before: int) -> None:
    variables = {"nobody": 1, "numero": "x"}
    answer = (await house.put("/customers/new", a_person(variables=variables))).json()
    assert [one["pointer"] for one in answer["errors"]] == ["/variables/nobody", "/variables/numero"]
    answer = (await house.put("/customers/new", {"type": "dog", "phone": 1})).json()
    assert {one["pointer"] for one in answer["errors"]} == {"/type", "/name", "/phone"}


async def test_a_clock_a_little_ahead_is_forgiven(house: House, before: int) -> None:
    answer = await house.put("/customers/ana/payments/early", a_payment(at="2026-03-10T14:05:00Z"))
    assert answer.status_code == 201


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2", b'{"type": "person", "name": "\xff"}'])
async def test_a_body_that_is_no_json(house: House, before: int, content: bytes) -> None:
    answer = await house.http.put("/v1/customers/c1", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(await house.told()) == before


@pytest.mark.parametrize("name", [rb"\ud800", rb"a\u0000", rb"\u202e"])
async def test_strange_field_names_are_answered_too(house: House, before: int, name: bytes) -> None:
    content = b'{"type": "person", "name": "Ana", "variables": {"' + name + b'": 1}}'
    answer = await house.http.put("/v1/customers/c1", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert len(await house.told()) == before


async def test_a_body_over_the_limit_is_refused_before_it_is_read(house: House) -> None:
    answer = await house.put("/customers/c1", a_person("x" * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert (await house.get("/customers/c1")).status_code == 404


@pytest.mark.parametrize("customer_id", ["a b", "ñ", "x" * 65, "a,b"])
async def test_an_id_of_other_letters_is_refused(house: House, customer_id: str) -> None:
    answer = await house.put(f"/customers/{customer_id}", a_person())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_id")
