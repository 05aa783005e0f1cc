"""Customers as heard: who they are, and how far their events are applied. Their rows are locked before all others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.cascade import DEFAULT_SEGMENT
from services.segmenter.domain.contact import addresses, phone_is_placeholder
from services.segmenter.domain.facts import Attributes
from services.segmenter.domain.search_text import folded_texts
from services.segmenter.storage.facts import TABLES
from shared.messaging.sequence import Position

_CLAIM = text(
    """
    INSERT INTO customers (customer_id, epoch, seq, customer_type, name, currency, registered_on)
    SELECT id, 0, 0, customer_type, name, currency, registered_on::date
    FROM unnest(CAST(:ids AS text[]), CAST(:types AS text[]), CAST(:names AS text[]), CAST(:currencies AS text[]),
                CAST(:dates AS text[])) AS n (id, customer_type, name, currency, registered_on)
    ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_STAND_IN_DEFAULT = text(
    """
    INSERT INTO membership (customer_id, segment_id, told, since, revision, as_of, sequence)
    SELECT id, CAST(:segment_id AS text), false, CAST(:now AS timestamptz), p.revision, d.as_of,
        greatest((SELECT max(v.sequence) FROM moves v WHERE v.customer_id = id),
            (SELECT f.sequence FROM former_sequences f WHERE f.customer_id = id), 0)
    FROM unnest(CAST(:ids AS text[])) AS n (id), published p, day_turn d
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = id AND c.erased)
    ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_BEHAVE = text(
    """
    INSERT INTO behaviour (customer_id) SELECT id FROM unnest(CAST(:ids AS text[])) AS n (id)
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = id AND c.erased)
    ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_LOCK = text(
    """
    SELECT customer_id, epoch, seq, currency FROM customers WHERE customer_id = ANY(CAST(:ids AS text[]))
    ORDER BY customer_id FOR UPDATE
    """
)
_DESCRIBE = text(
    """
    UPDATE customers c SET
        customer_type = n.customer_type, name = n.name, currency = n.currency, registered_on = n.registered_on,
        email = n.email, emails = coalesce(n.emails, '{}'), phone = n.phone, document_number = n.document_number,
        document_type = n.document_type, country = n.country, portfolio = n.portfolio, client_type = n.client_type,
        language = n.language, risk_score = n.risk_score, addresses = coalesce(n.addresses, '{}'),
        phone_is_placeholder = n.phone_is_placeholder, archived = n.archived, variables = n.variables,
        folded = n.folded
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (
        customer_id text, customer_type text, name text, currency text, registered_on date, email text, emails text[],
        phone text, document_number text, document_type text, country text, portfolio text, client_type text,
        language text, risk_score numeric, addresses text[], phone_is_placeholder boolean, archived boolean,
        variables jsonb, folded jsonb)
    WHERE c.customer_id = n.customer_id
    """
)
_REMEMBER_SEQUENCES = text(
    """
    INSERT INTO former_sequences (customer_id, sequence)
    SELECT id, last FROM unnest(CAST(:ids AS text[])) AS n (id)
    LEFT JOIN membership m ON m.customer_id = id
    CROSS JOIN LATERAL (
        SELECT greatest(m.sequence + m.told::int, (SELECT max(v.sequence) FROM moves v WHERE v.customer_id = id))
    ) AS told (last)
    WHERE last IS NOT NULL ORDER BY id
    ON CONFLICT (customer_id) DO UPDATE SET sequence = excluded.sequence
    """
)
_REMOVE = tuple(
    text(f"DELETE FROM {table} WHERE customer_id = ANY(CAST(:ids AS text[]))")
    for table in (
        "customers",
        "contacts",
        "behaviour",
        "days",
        "membership",
        "moves",
        "history_pending",
        "alerts_held",
        "alerts",
        *TABLES,
    )
)


@dataclass(frozen=True)
class Known:
    """How far a customer's events are applied, and its billing currency."""

    position: Position
    currency: str


async def claim(connection: AsyncConnection, newcomers: Mapping[str, Attributes], now: datetime) -> None:
    """Make room for customers never heard of, nothing of them applied yet: in Default, untold.

    The sequence of what is told of a customer goes on where it was, should it have been erased and come back.
    """
    if not newcomers:
        return
    ids = sorted(newcomers)
    found = [newcomers[customer_id] for customer_id in ids]
    facts = {
        "ids": ids,
        "types": [attributes.customer_type for attributes in found],
        "names": [attributes.name for attributes in found],
        "currencies": [attributes.currency for attributes in found],
        "dates": [attributes.registered_on.isoformat() for attributes in found],
    }
    await connection.execute(_CLAIM, facts)
    await connection.execute(_BEHAVE, {"ids": ids})
    await connection.execute(_STAND_IN_DEFAULT, {"ids": ids, "segment_id": DEFAULT_SEGMENT, "now": now})


async def lock(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Known]:
    """Lock the rows of those customers that are known, in the one order of the house."""
    rows = await connection.execute(_LOCK, {"ids": sorted(ids)})
    return {customer_id: Known(Position(epoch, seq), currency) for customer_id, epoch, seq, currency in rows}


async def describe(connection: AsyncConnection, changed: Mapping[str, Attributes]) -> None:
    """Replace the attributes of customers."""
    if changed:
        rows = [_row(customer_id, changed[customer_id]) for customer_id in sorted(changed)]
        await connection.execute(_DESCRIBE, {"rows": msgspec.json.encode(rows).decode()})


async def remember_sequences(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Keep how far what is told of customers goes, their departure included: if they come back, it must not fall.

    Who was erased has left before: no membership is there, and the last move says how far.
    """
    await connection.execute(_REMEMBER_SEQUENCES, {"ids": sorted(ids)})


async def remove(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Forget everything about customers."""
    given = {"ids": sorted(ids)}
    for statement in _REMOVE:
        await connection.execute(statement, given)


def _row(customer_id: str, attributes: Attributes) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "customer_type": attributes.customer_type,
        "name": attributes.name,
        "currency": attributes.currency,
        "registered_on": attributes.registered_on,
        "email": _given(attributes.email),
        "emails": attributes.emails,
        "phone": _given(attributes.phone),
        "document_number": _given(attributes.document_number),
        "document_type": _given(attributes.document_type),
        "country": _given(attributes.country),
        "portfolio": _given(attributes.portfolio),
        "client_type": _given(attributes.client_type),
        "language": _given(attributes.language),
        "risk_score": attributes.risk_score,
        "addresses": addresses(attributes.email, attributes.emails),
        "phone_is_placeholder": phone_is_placeholder(attributes.phone),
        "archived": attributes.archived,
        "variables": attributes.variables,
        "folded": folded_texts(attributes),
    }


def _given(value: str | None) -> str | None:
    """Empty text is missing."""
    return value if value and value.strip() else None
