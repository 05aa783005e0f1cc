"""Everything heard of customers beside who they are, written for many at once, in order of customer."""

from collections.abc import Iterable, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.change import Change
from services.segmenter.storage.agreements import write_agreements
from services.segmenter.storage.credits import write_credits
from services.segmenter.storage.invoices import write_applications, write_invoices

TABLES = (
    "payments",
    "refunds",
    "credit_notes",
    "invoices",
    "due_dates",
    "applications",
    "subscriptions",
    "disputes",
    "promises",
)
_FORGET = tuple(text(f"DELETE FROM {table} WHERE customer_id = ANY(CAST(:ids AS text[]))") for table in TABLES)


async def write_facts(connection: AsyncConnection, changes: Mapping[str, Change]) -> None:
    """Write what the changes of customers say."""
    ordered = sorted(changes.items())
    await write_credits(connection, ordered)
    await write_applications(connection, ordered)
    await write_invoices(connection, ordered)
    await write_agreements(connection, ordered)


async def forget_facts(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Drop customers' facts, to be written anew."""
    given = {"ids": sorted(ids)}
    for statement in _FORGET:
        await connection.execute(statement, given)
