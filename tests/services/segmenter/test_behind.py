"""Who is behind can be seen, and need not wait for the next try; the status counts them."""

from sqlalchemy import text

from shared.messaging.repair import Repairer
from tests.services.segmenter.house import House, problem

_BEHIND = text(
    """
    INSERT INTO behind (customer_id, seen_epoch, seen_seq, reason, tries, next_try_at)
    SELECT 'c' || n, 1, 7, 'gap', 3, clock_timestamp() + interval '5 minutes' FROM generate_series(1, 3) n
    """
)


async def three_fall_behind(house: House) -> None:
    async with house.segmenter.database.transaction() as connection:
        await connection.execute(_BEHIND)


async def test_customers_behind_are_listed_in_order(house: House) -> None:
    await three_fall_behind(house)
    first = await house.get("/behind", limit=2)
    rest = await house.get("/behind", limit=2, cursor=first["next_cursor"])
    assert [one["customer_id"] for one in (*first["items"], *rest["items"])] == ["c1", "c2", "c3"]
    told = first["items"][0]
    assert (told["seen_epoch"], told["seen_seq"], told["reason"], told["tries"]) == (1, 7, "gap", 3)
    assert (await house.get("/status"))["customers_behind"] == 3


async def test_a_retry_is_due_at_once(house: House) -> None:
    await three_fall_behind(house)
    tried: list[str] = []

    async def fetch(customer_id: str) -> None:
        tried.append(customer_id)

    repairer = Repairer(house.segmenter.database, fetch, house.segmenter.events.replace)
    assert not await repairer.step()
    answer = await house.post("/behind/c2/retry")
    assert answer["customer_id"] == "c2"
    assert await repairer.step()
    assert tried == ["c2"]
    assert [one["customer_id"] for one in (await house.get("/behind"))["items"]] == ["c1", "c3"]


async def test_who_is_not_behind_cannot_be_retried(house: House) -> None:
    assert problem(await house.call("POST", "/behind/ana/retry")) == (404, "not_behind")
