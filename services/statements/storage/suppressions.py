"""Addresses that are not written to any more, by fingerprint; whose they are is read from the customers themselves.

An address in plain words stands in the send ledger alone, so that an erased customer's is forgotten there and here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction

_HOLDERS = """
    SELECT c.customer_id FROM customers c
    WHERE address_hashes(c.email, c.emails) && ARRAY[{0}] OR c.odd_address_hashes && ARRAY[{0}]
"""
"""The database prints plain addresses itself, by an index; odd ones are printed by the code."""
_COLUMNS = f"""
    s.suppression_id, s.address_sha256, nullif(a.address, '') AS address, s.reason, s.since, s.customer_id,
    s.delivery_id, ARRAY({_HOLDERS.format("s.address_sha256")} ORDER BY c.customer_id) AS customer_ids
    FROM suppressions s LEFT JOIN addresses a ON (a.delivery_id, a.n) = (s.delivery_id, s.n)
"""
_SUPPRESS = text(
    """
    INSERT INTO suppressions (suppression_id, address_sha256, reason, since, customer_id, delivery_id, n)
    VALUES (:suppression_id, :address_sha256, :reason, :since, :customer_id, :delivery_id, :n)
    ON CONFLICT (address_sha256) DO NOTHING
    """
)
_SUPPRESSED = text("SELECT address_sha256 FROM suppressions WHERE address_sha256 = ANY(CAST(:wanted AS text[]))")
_HOLDERS_OF = text(_HOLDERS.format("CAST(:address_sha256 AS text)"))
_PAGE = text(f"SELECT {_COLUMNS} WHERE s.suppression_id > :after ORDER BY s.suppression_id LIMIT :limit")
_LOCK = text(f"SELECT {_COLUMNS} WHERE s.suppression_id = :suppression_id FOR UPDATE OF s")
_LIFT_ADDRESS = text("DELETE FROM suppressions WHERE address_sha256 = :address_sha256")
_LIFT = text("DELETE FROM suppressions WHERE suppression_id = :suppression_id")


@dataclass(frozen=True, kw_only=True)
class NewSuppression:
    """An address to be written to no more, with the mail (delivery, place) that taught it."""

    suppression_id: str
    address_sha256: str
    reason: str
    since: datetime
    customer_id: str
    delivery_id: str
    n: int


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """A suppressed address. ``customer_ids``: whose it is now; ``customer_id``: whose mail taught it."""

    suppression_id: str
    address_sha256: str
    address: str | None
    reason: str
    since: datetime
    customer_id: str
    delivery_id: str
    customer_ids: Sequence[str]


async def suppress(connection: Transaction, new: NewSuppression) -> None:
    """Write to an address no more; one that is suppressed already keeps its first reason."""
    await connection.execute(_SUPPRESS, vars(new))


async def suppressed(connection: Transaction, wanted: Collection[str]) -> frozenset[str]:
    """Which of some addresses (by fingerprint) are not written to any more."""
    return frozenset((await connection.execute(_SUPPRESSED, {"wanted": list(wanted)})).scalars())


async def holders(connection: Transaction, address_sha256: str) -> set[str]:
    """The customers that have an address now."""
    return set((await connection.execute(_HOLDERS_OF, {"address_sha256": address_sha256})).scalars())


async def page(connection: Transaction, after: str, limit: int) -> list[Suppression]:
    """Suppressed addresses in order of id."""
    return [Suppression(**row._mapping) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]


async def lock(connection: Transaction, suppression_id: str) -> Suppression | None:
    """A suppressed address, locked."""
    row = (await connection.execute(_LOCK, {"suppression_id": suppression_id})).one_or_none()
    return Suppression(**row._mapping) if row else None


async def lift(connection: Transaction, suppression_id: str) -> None:
    """Let an address be written to again."""
    await connection.execute(_LIFT, {"suppression_id": suppression_id})


async def lift_address(connection: Transaction, address_sha256: str) -> None:
    """The same by fingerprint; an address that is not suppressed stays so."""
    await connection.execute(_LIFT_ADDRESS, {"address_sha256": address_sha256})
