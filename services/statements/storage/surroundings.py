"""What must be known of customers beside their accounts to say what a rule would do for them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from services.statements.domain.addresses import fingerprints_of
from services.statements.domain.contacts import Turn, last_forgotten
from services.statements.domain.facts import Account
from services.statements.domain.weighing import Surroundings
from services.statements.storage import contacts, segments, suppressions
from shared.database.engine import Transaction

_BEHIND = text("SELECT customer_id FROM behind WHERE customer_id = ANY(CAST(:ids AS text[]))")


async def of(
    connection: Transaction, accounts: Sequence[Account], turn: Turn, as_of: date, min_days: int
) -> Surroundings:
    """The surroundings of some accounts, as of a day, for a run with that turn and so many days between contacts."""
    ids = [account.customer_id for account in accounts]
    given = {one for account in accounts for one in fingerprints_of(account.customer)}
    published = await segments.published(connection)
    return Surroundings(
        as_of=as_of,
        turn=turn,
        edges=published.aging_edges,
        placeholders=published.placeholders,
        suppressed=await suppressions.suppressed(connection, given),
        behind=frozenset((await connection.execute(_BEHIND, {"ids": ids})).scalars()),
        contacts=await contacts.accepted(connection, ids, last_forgotten(as_of, min_days)),
    )
