"""Customers as heard: who they are, and how far their events are applied. Their rows are locked before all others."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import text

from services.statements.domain.addresses import odd_fingerprints_of
from services.statements.domain.facts import Customer
from shared.database.engine import Transaction
from shared.messaging.sequence import Position

_CLAIM = text(
    """
    INSERT INTO customers (customer_id, epoch, seq, type, name)
    SELECT id, 0, 0, '', '' FROM unnest(CAST(:ids AS text[])) AS n (id) ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_LOCK = text(
    """
    SELECT customer_id, epoch, seq FROM customers WHERE customer_id = ANY(CAST(:ids AS text[]))
    ORDER BY customer_id FOR UPDATE
    """
)
_DESCRIBE = text(
    """
    UPDATE customers c SET
        type = n.type, name = n.name, email = n.email, emails = n.emails, language = n.language,
        country = n.country, do_not_contact_until = n.do_not_contact_until, archived = n.archived, erased = n.erased,
        odd_address_hashes = n.odd_address_hashes
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (
        customer_id text, type text, name text, email text, emails text[], language text, country text,
        do_not_contact_until date, archived boolean, erased boolean, odd_address_hashes text[])
    WHERE c.customer_id = n.customer_id
    """
)
_ERASE = text(
    """
    UPDATE customers SET name = '', email = NULL, emails = '{}', language = NULL, country = NULL,
        do_not_contact_until = NULL, erased = true, odd_address_hashes = '{}'
    WHERE customer_id = ANY(CAST(:ids AS text[]))
    """
)
_REMOVE = text("DELETE FROM customers WHERE customer_id = ANY(CAST(:ids AS text[]))")


async def claim(connection: Transaction, ids: Iterable[str]) -> None:
    """Make room for customers not known yet, nothing of them applied."""
    await connection.execute(_CLAIM, {"ids": sorted(ids)})


async def lock(connection: Transaction, ids: Iterable[str]) -> dict[str, Position]:
    """Lock the rows of those customers that are known; how far each one's events are applied."""
    rows = await connection.execute(_LOCK, {"ids": sorted(ids)})
    return {row.customer_id: Position(row.epoch, row.seq) for row in rows}


async def describe(connection: Transaction, changed: Mapping[str, Customer]) -> None:
    """Replace what is known of customers beside their ledger."""
    if changed:
        rows = [_row(one_id, changed[one_id]) for one_id in sorted(changed)]
        await connection.execute(_DESCRIBE, {"rows": msgspec.json.encode(rows).decode()})


def _row(customer_id: str, customer: Customer) -> dict[str, Any]:
    odd = odd_fingerprints_of(customer)
    return {"customer_id": customer_id, **msgspec.to_builtins(customer), "odd_address_hashes": odd}


async def erase(connection: Transaction, ids: Iterable[str]) -> None:
    """Blank what is personal of customers; their ledgers stay."""
    await connection.execute(_ERASE, {"ids": sorted(ids)})


async def remove(connection: Transaction, ids: Iterable[str]) -> None:
    """Forget who customers are; what was sent stays in the send ledger."""
    await connection.execute(_REMOVE, {"ids": sorted(ids)})
