"""Documents: one belongs to one customer, however it is written, within its country."""

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import a_person


def a_document(number: str, kind: str = "NIT", country: str | None = "CO") -> dict[str, str | None]:
    return {"type": kind, "number": number, "country": country}


async def _second(house: House, first: dict[str, str | None], second: dict[str, str | None]) -> int:
    await house.put("/customers/c1", a_person(document=first))
    return (await house.put("/customers/c2", a_person(document=second))).status_code


@pytest.mark.parametrize(
    ("number", "kind", "country"),
    [
        ("9001234567", "NIT", "CO"),
        ("900 123 456 – 7", "nit", "co"),
        ("900.123.456-7", "N.I.T.", None),
    ],
)
async def test_separators_and_case_do_not_tell_documents_apart(
    house: House, number: str, kind: str, country: str | None
) -> None:
    assert await _second(house, a_document("900.123.456-7"), a_document(number, kind, country)) == 409


@pytest.mark.parametrize(
    ("number", "kind", "country"),
    [
        ("900123456-7", "NIT", "MX"),
        ("900123456-7", "CC", "CO"),
        ("900123456", "NIT", "CO"),  # without its check digit it is another number
        ("900123456-8", "NIT", "CO"),
    ],
)
async def test_another_type_number_or_country_is_another_document(
    house: House, number: str, kind: str, country: str
) -> None:
    assert await _second(house, a_document("900.123.456-7"), a_document(number, kind, country)) == 201


async def test_a_document_of_no_country_is_the_deployments(house: House) -> None:
    assert await _second(house, a_document("1", "CC", None), a_document("1", "CC", "CO")) == 409
    assert await _second(house, a_document("2", "CC", None), a_document("2", "CC", "MX")) == 201


async def test_a_foreign_document_belongs_to_one_customer_too(house: House) -> None:
    assert await _second(house, a_document("ABC-1", "RFC", "MX"), a_document("abc1", "RFC", "mx")) == 409


async def test_a_document_is_kept_as_it_was_written(house: House) -> None:
    written = a_document("900.123.456-7", "Nit", "co")
    assert (await house.put("/customers/c1", a_person(document=written))).json()["document"] == written


async def test_a_country_corrected_frees_the_document(house: House) -> None:
    await house.put("/customers/c1", a_person(document=a_document("1")))
    await house.put("/customers/c1", a_person(document=a_document("1", country="MX")))
    assert (await house.put("/customers/c2", a_person(document=a_document("1")))).status_code == 201
    found = (await house.get("/customers", document="1")).json()["items"]
    assert [one["customer_id"] for one in found] == ["c1", "c2"]
