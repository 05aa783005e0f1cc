"""``quarantine``: what could not be read is listed, heard again once that is mended, or dropped."""

import pytest

from shared.messaging.batch import Batch, Unreadable
from tests.operations.conftest import HEARERS, Town
from tests.services.customers.sentences import a_person, an_invoice

EMPTY = (0, ["nothing is in quarantine"])


async def an_invoice_that_could_not_be_applied(town: Town, service: str) -> str:
    """Ana is heard, her invoice was set aside; the place of its record."""
    await town.writes("ana", a_person())
    await town.writes("ana/invoices/f1", an_invoice("100"))
    registered, issued = await town.told()
    reason = Unreadable(issued.record, issued.envelope, "ValueError: a bug\nof ours")
    await town.events[service].apply(Batch([registered], [reason]))
    return f"customers.v1/0/{issued.record.offset}"


async def invoices(town: Town, service: str) -> int:
    return len(await town.rows(service, "SELECT 1 FROM invoices"))


@pytest.mark.parametrize("service", HEARERS)
async def test_what_is_in_quarantine_is_listed_and_released(town: Town, service: str) -> None:
    quarantine = town.terminals[service]
    assert await quarantine.runs("quarantine", "list") == EMPTY
    place = await an_invoice_that_could_not_be_applied(town, service)
    status, [line] = await quarantine.runs("quarantine", "list")
    where, _, key, reason = line.split("\t")
    assert (status, where, key, reason) == (0, place, "ana", "ValueError: a bug of ours")
    assert await invoices(town, service) == 0
    assert await quarantine.runs("quarantine", "release", place) == (0, ["1 released"])
    assert await invoices(town, service) == 1
    assert await quarantine.runs("quarantine", "list") == EMPTY


@pytest.mark.parametrize("service", HEARERS)
async def test_what_still_cannot_be_applied_or_read_stays(town: Town, service: str) -> None:
    place = await an_invoice_that_could_not_be_applied(town, service)
    await town.spoils(service, "ALTER TABLE invoices RENAME TO elsewhere")
    status, lines = await town.terminals[service].runs("quarantine", "release", "--all")
    assert (status, lines[-1]) == (1, "1 of 1 stay in quarantine")
    assert lines[0].startswith(f"{place}\tstill cannot be applied: ProgrammingError")
    await town.spoils(service, "UPDATE quarantine SET value = '{]'")
    status, lines = await town.terminals[service].runs("quarantine", "release", place)
    assert (status, lines[-1]) == (1, "1 of 1 stay in quarantine")
    assert lines[0].startswith(f"{place}\tstill cannot be read: ")


async def test_why_a_record_cannot_be_applied_quotes_nobody(town: Town) -> None:
    place = await an_invoice_that_could_not_be_applied(town, "statements")
    await town.spoils("statements", "ALTER TABLE invoices ADD CONSTRAINT c CHECK (number <> 'f1')")
    status, [line, _] = await town.terminals["statements"].runs("quarantine", "release", place)
    assert (status, line) == (1, f"{place}\tstill cannot be applied: IntegrityError: SQLSTATE 23514")


@pytest.mark.parametrize("service", HEARERS)
async def test_a_record_is_dropped_and_what_is_not_there_is_named(town: Town, service: str) -> None:
    place = await an_invoice_that_could_not_be_applied(town, service)
    quarantine = town.terminals[service]
    assert await quarantine.runs("quarantine", "drop", "customers.v1/0/999") == (
        1,
        ["customers.v1/0/999 is not in quarantine"],
    )
    assert await quarantine.runs("quarantine", "drop", place) == (0, ["1 dropped"])
    assert await quarantine.runs("quarantine", "list") == EMPTY
    assert await quarantine.runs("quarantine", "drop", "--all") == (0, ["0 dropped"])
    assert await invoices(town, service) == 0
    with pytest.raises(SystemExit, match="2"):
        await quarantine.runs("quarantine", "release", "customers.v1")
