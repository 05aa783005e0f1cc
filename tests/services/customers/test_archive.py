"""Archived customers: told once, listed apart, and taking facts as before."""

from tests.services.customers.house import House
from tests.services.customers.sentences import a_payment, a_person


async def test_archiving_is_told_once_and_undone_as_well(house: House) -> None:
    await house.put("/customers/ana", a_person())
    for _ in range(2):
        answer = await house.http.post("/v1/customers/ana/archive")
        assert (answer.status_code, answer.json()["archived"]) == (200, True)
    assert answer.json() == (await house.get("/customers/ana")).json()
    assert (await house.get("/customers/ana/snapshot")).json()["customer"]["archived"] is True
    for _ in range(2):
        answer = await house.http.post("/v1/customers/ana/unarchive")
        assert (answer.status_code, answer.json()["archived"]) == (200, False)
    told = await house.told()
    assert [event.type for event in told] == ["customer.registered", "customer.archived", "customer.unarchived"]
    assert [event.data["archived"] for event in told] == [False, True, False]


async def test_a_write_leaves_the_archive_alone_and_facts_are_taken(house: House) -> None:
    await house.put("/customers/ana", a_person())
    archived = await house.http.post("/v1/customers/ana/archive")
    assert (await house.put("/customers/ana", a_person())).status_code == 200
    assert (await house.put("/customers/ana", a_person("Ana María"))).json()["archived"] is True
    assert (await house.put("/customers/ana/payments/p1", a_payment())).status_code == 201
    assert [event.type for event in await house.told()][2:] == ["customer.updated", "payment.succeeded"]
    stale = await house.http.post("/v1/customers/ana/unarchive", headers={"If-Match": archived.headers["etag"]})
    assert stale.status_code == 412


async def test_the_list_shows_the_archive_or_the_rest_or_both(house: House) -> None:
    for name in ("a", "b", "c"):
        await house.put(f"/customers/{name}", a_person())
    await house.http.post("/v1/customers/b/archive")
    assert await _listed(house, archived="true") == ["b"]
    assert await _listed(house, archived="false") == ["a", "c"]
    assert await _listed(house, archived="true", name="ana") == ["b"]
    assert await _listed(house) == ["a", "b", "c"]
    assert (await house.get("/customers", archived="perhaps")).status_code == 422


async def _listed(house: House, **wanted: str) -> list[str]:
    return [one["customer_id"] for one in (await house.get("/customers", **wanted)).json()["items"]]


async def test_nobody_is_archived_who_is_not_there(house: House) -> None:
    for action in ("archive", "unarchive"):
        answer = await house.http.post(f"/v1/customers/nobody/{action}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
