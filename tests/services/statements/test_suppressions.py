"""Addresses that are not written to: learnt from bounces and complaints, shared by whoever has them, lifted again."""

import hashlib
from typing import Any

from tests.services.statements.house import House
from tests.services.statements.provider import event, sent, tell
from tests.services.statements.sending import only
from tests.services.statements.telling import erased, registered
from tests.services.statements.thursday_run import debtor, outcomes

SHA = hashlib.sha256(b"a@correo.demo").hexdigest()


async def listed(house: House) -> list[dict[str, Any]]:
    return list((await house.get("/suppressions"))["items"])


async def contacts(house: House) -> list[tuple[str, str]]:
    return [(told.type, told.key) for told in await house.told() if told.type.startswith("contact.")]


async def next_monday(house: House) -> dict[str, tuple[str, str | None]]:
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    return outcomes(await house.deliveries(await house.run_of("r", "2026-W12-mon")))


async def test_a_bounced_address_is_listed_and_told_for_everyone_who_has_it(house: House) -> None:
    delivery_id = await sent(house)
    await house.know(debtor("b", email=" A@Correo.demo"), debtor("c", emails=("a@correo.demo",)), debtor("d"))
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    [found] = await listed(house)
    assert {name: found[name] for name in found if name != "suppression_id"} == {
        "address_sha256": SHA,
        "address": "a@correo.demo",
        "reason": "hard_bounce",
        "customer_ids": ["a", "b", "c"],
        "since": "2026-03-12T14:00:09Z",
    }
    assert await contacts(house) == [("contact.bounced", one) for one in "abc"]


async def test_a_complaint_moves_its_delivery_and_is_told(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "delivered"))
    for _ in range(2):
        await tell(house, event(delivery_id, "complained"))
    assert (await only(house))["state"] == "complained"
    assert await contacts(house) == [("contact.complained", "a")]
    assert [one["reason"] for one in await listed(house)] == ["complaint"]
    assert (await next_monday(house))["a"] == ("skipped", "suppressed")


async def test_lifting_a_suppression_is_told_and_lets_mails_go_again(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    [found] = await listed(house)
    path = f"/v1/suppressions/{found['suppression_id']}"
    assert (await house.http.delete(path)).status_code == 204
    assert (await house.http.delete(path)).status_code == 404
    assert await listed(house) == []
    told = (await house.told())[-1]
    assert (told.type, told.key) == ("contact.restored", "a")
    assert told.data == {
        "customer_id": "a",
        "channel": "email",
        "address_sha256": SHA,
        "delivery_id": delivery_id,
        "at": "2026-03-12T14:00:01Z",
    }
    assert (await next_monday(house))["a"] == ("delivered", None)


async def test_a_changed_address_ends_it_for_the_customer(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    await house.hear(registered(debtor("a", email="nueva@correo.demo"), 3))
    assert [one["customer_ids"] for one in await listed(house)] == [[]]
    assert (await next_monday(house))["a"] == ("delivered", None)


async def test_suppressions_come_in_pages(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "complained"))
    page = await house.get("/suppressions", limit=1)
    rest = await house.get("/suppressions", limit=1, cursor=page["next_cursor"])
    assert (len(page["items"]), rest["items"]) == (1, [])


async def test_the_address_of_an_erased_customer_is_forgotten_here_as_well(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    await house.hear(erased("a", 3))
    [found] = await listed(house)
    assert (found["address"], found["customer_ids"]) == (None, [])


async def test_a_bounce_is_told_for_who_has_the_address_in_other_letters(house: House) -> None:
    delivery_id = await sent(house, email="ána@correo.demo")
    await house.know(debtor("b", email=" ÁNA@Correo.demo"), debtor("c", emails=("\u00a0ána@correo.demo\n",)))
    await tell(house, event(delivery_id, "bounced", bounce="hard", address="ána@correo.demo"))
    assert await contacts(house) == [("contact.bounced", one) for one in "abc"]
    assert [one["customer_ids"] for one in await listed(house)] == [["a", "b", "c"]]
