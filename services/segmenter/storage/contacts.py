"""Which addresses of customers bounced or complained, as statements tells it: of each the latest word counts."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.facts import Contact
from services.segmenter.storage.bulk import Bulk

_KEEP = Bulk(
    """
    INSERT INTO contacts AS k (customer_id, address_sha256, is_unusable, epoch, sequence)
    SELECT DISTINCT ON (customer_id, address_sha256) * FROM {rows}
    WHERE NOT EXISTS (SELECT FROM customers c WHERE c.customer_id = n.customer_id AND c.erased)
    ORDER BY customer_id, address_sha256, epoch DESC, sequence DESC
    ON CONFLICT (customer_id, address_sha256) DO UPDATE
        SET is_unusable = excluded.is_unusable, epoch = excluded.epoch, sequence = excluded.sequence
    WHERE (k.epoch, k.sequence) < (excluded.epoch, excluded.sequence)
    """,
    customer_id="text",
    address_sha256="text",
    is_unusable="boolean",
    epoch="bigint",
    sequence="bigint",
)


async def keep_contacts(connection: AsyncConnection, told: Sequence[Contact]) -> None:
    """Keep what was told of addresses; customers not heard of yet may be among them."""
    rows = [(t.customer_id, t.address_sha256, t.is_unusable, t.epoch, t.sequence) for t in told]
    await _KEEP.write(connection, rows)
