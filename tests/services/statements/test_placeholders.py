"""Which addresses are placeholders the published cascade says, here as in the segmenter (meaning.md 18, 44)."""

from typing import Any

from tests.oracle.facts import Account
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import alert_raised, published
from tests.services.statements.thursday_run import PERIOD, debtor, due, outcomes

CONTACTABILITY: dict[str, Any] = {"local_parts": ["nadie"], "domains": ["vacio.demo"]}
EXPECTED = {
    "dominio": ("skipped", "placeholder_address"),
    "nombre": ("skipped", "placeholder_address"),
    "usual": ("delivered", None),
}


def customers() -> list[Account]:
    """Two placeholders by the published setting, and one by the usual lists alone."""
    return [
        debtor("dominio", email="ana@Vacio.demo"),
        debtor("nombre", email="nadie@correo.demo"),
        debtor("usual", email="prueba@correo.demo"),
    ]


async def test_statements_go_by_the_published_setting(house: House) -> None:
    await house.know(*customers())
    await house.hear(published("default", seq=2, contactability=CONTACTABILITY))
    await house.put_rule("r")
    foreseen = await house.http.post("/v1/rules/r/dry-run", json={"on": "2026-03-12"})
    assert foreseen.json()["skipped"] == {"placeholder_address": 2}
    await due(house)
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == EXPECTED


async def test_so_do_messages_of_alerts(house: House) -> None:
    await house.know(*customers())
    await house.hear(published("default", seq=2, contactability=CONTACTABILITY))
    for number, account in enumerate(customers()):
        name = account.customer.customer_id
        await house.hear(alert_raised(name, f"alert-{number}", at=house.clock.now()))
    await house.work()
    assert [mail.to for mail in house.mails] == [("prueba@correo.demo",)]


async def test_without_a_word_of_it_the_usual_ones_count(house: House) -> None:
    await house.know(*customers())
    await house.hear(published("default", seq=2))
    await house.put_rule("r")
    await due(house)
    found = outcomes(await house.deliveries(await house.run_of("r", PERIOD)))
    assert found["usual"] == ("skipped", "placeholder_address")
    assert found["dominio"][0] == found["nombre"][0] == "delivered"
