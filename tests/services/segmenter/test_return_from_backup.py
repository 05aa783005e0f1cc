"""A restored segmenter raises again what it had raised after the backup, but nobody is mailed a second time."""

from typing import Any

from sqlalchemy import text

from services.segmenter.usecases.return_from_backup import ReturnFromBackup
from tests.services.segmenter.house import House
from tests.services.segmenter.test_alerts import puts, who_owes

A_MAIL: dict[str, Any] = {"action": "message", "message": {"subject": {"es": "Su saldo"}, "body": {"es": "Hola"}}}


async def messages(house: House) -> list[tuple[str, Any]]:
    """(customer, subject) of every alert raised so far; None where it has no message."""
    raised = [one for one in await house.segmenter.told() if one.type == "alert.raised"]
    return [(one.key, one.data["message"] and one.data["message"]["subject"]["es"]) for one in raised]


async def compared(house: House) -> None:
    """The audit has been through everyone."""
    async with house.segmenter.database.transaction() as connection:
        await connection.execute(text("UPDATE walks SET after = NULL WHERE name IN ('audit', 'snapshots')"))
        await connection.execute(text("UPDATE day_turn SET turned = as_of"))


async def test_until_all_is_equal_again_alerts_are_raised_without_their_mail(house: House) -> None:
    returning = ReturnFromBackup(house.segmenter.database)
    await puts(house, **A_MAIL)
    await compared(house)
    assert not await returning.step()

    epoch = await returning.begin()
    await who_owes(house, "ana")
    assert not await returning.step(), "the audit has not been through"
    await compared(house)
    async with house.segmenter.database.transaction() as connection:
        await connection.execute(text("INSERT INTO behind VALUES ('eva', 1, 9, 'audit')"))
    await who_owes(house, "eva")
    assert not await returning.step(), "eva is behind"
    async with house.segmenter.database.transaction() as connection:
        await connection.execute(text("DELETE FROM behind"))
    assert await returning.step()

    await who_owes(house, "leo")
    assert await messages(house) == [("ana", None), ("eva", None), ("leo", "Su saldo")]
    assert len((await house.get("/alerts"))["items"]) == 3, "the call list has all of them"
    [row] = await house.segmenter.rows("SELECT epoch FROM instance")
    assert row["epoch"] == epoch > 1


async def test_what_others_tell_is_read_again(house: House) -> None:
    await compared(house)
    await ReturnFromBackup(house.segmenter.database).begin()
    rows = await house.segmenter.rows("SELECT name FROM walks WHERE after = '' ORDER BY 1")
    assert {"audit", "suppressions", "restored"} <= {row["name"] for row in rows}
