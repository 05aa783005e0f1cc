"""What money tests ask of one customer, ana, again and again."""

from typing import Any

from tests.services.customers.house import House

TODAY = "2026-03-10"
TOMORROW = "2026-03-11"


async def put(house: House, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    """A write below ana that is answered as expected."""
    answer = await house.put(f"/customers/ana/{path}", body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def void(house: House, invoice: str, body: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    """A void that is answered as expected."""
    answer = await house.post(f"/customers/ana/invoices/{invoice}/void", body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(house: House, path: str, **params: Any) -> dict[str, Any]:
    """What stands below ana."""
    answer = await house.get(f"/customers/ana/{path}", **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def balance(house: House, invoice: str) -> str:
    """What is open of an invoice."""
    return str((await get(house, f"invoices/{invoice}"))["balance"]["amount"])


async def unapplied(house: House, path: str) -> str:
    """What is left of a payment or credit note."""
    return str((await get(house, path))["unapplied"]["amount"])


def wrong(answer: dict[str, Any]) -> tuple[str, str]:
    """The one mistake of a refusal: pointer and code."""
    [mistake] = answer["errors"]
    return mistake["pointer"], mistake["code"]
