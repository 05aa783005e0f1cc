"""Which addresses of customers bounced or complained, as statements tells it: of each the latest word counts."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.facts import Contact, Suppressed
from services.segmenter.storage.bulk import Bulk

_KEEP = Bulk(
    """
    INSERT INTO contacts AS k (customer_id, address_sha256, is_unusable, epoch, sequence, at)
    SELECT DISTINCT ON (customer_id, address_sha256) * FROM {rows}
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = n.customer_id AND c.erased)
    ORDER BY customer_id, address_sha256, epoch DESC, sequence DESC
    ON CONFLICT (customer_id, address_sha256) DO UPDATE
        SET is_unusable = excluded.is_unusable, epoch = excluded.epoch, sequence = excluded.sequence,
            at = excluded.at
    WHERE (k.epoch, k.sequence) < (excluded.epoch, excluded.sequence)
    """,
    customer_id="text",
    address_sha256="text",
    is_unusable="boolean",
    epoch="bigint",
    sequence="bigint",
    at="timestamptz",
)
_SUPPRESS = text(
    """
    INSERT INTO contacts AS k (customer_id, address_sha256, is_unusable, epoch, sequence, at)
    SELECT DISTINCT ON (customer_id, address_sha256) customer_id, address_sha256, true, 0, 0, since
    FROM unnest(CAST(:ids AS text[]), CAST(:addresses AS text[]), CAST(:sinces AS timestamptz[]))
        AS n (customer_id, address_sha256, since)
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = n.customer_id AND c.erased)
    ORDER BY customer_id, address_sha256, since DESC
    ON CONFLICT (customer_id, address_sha256) DO UPDATE SET is_unusable = true, at = excluded.at
        WHERE NOT k.is_unusable AND k.at < excluded.at
    RETURNING customer_id
    """
)


async def keep_contacts(connection: AsyncConnection, told: Sequence[Contact]) -> None:
    """Keep what was told of addresses; customers not heard of yet may be among them."""
    rows = [(t.customer_id, t.address_sha256, t.is_unusable, t.epoch, t.sequence, t.at) for t in told]
    await _KEEP.write(connection, rows)


async def keep_suppressed(connection: AsyncConnection, suppressed: Sequence[Suppressed]) -> set[str]:
    """Keep that addresses are suppressed, unless they were restored since; whose changed.

    A suppression has no position, so it ranks before every event of its address.
    """
    if not suppressed:
        return set()
    given = {
        "ids": [one.customer_id for one in suppressed],
        "addresses": [one.address_sha256 for one in suppressed],
        "sinces": [one.since for one in suppressed],
    }
    return set((await connection.execute(_SUPPRESS, given)).scalars())
