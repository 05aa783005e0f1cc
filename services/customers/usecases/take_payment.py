"""Take a new payment without a lock: look, decide, and write only if nobody else wrote for the customer meanwhile.

Most customers pay once at a time, and two statements do for that. Whatever is not the plain case (a repeat, a refusal,
a race that was lost) is left to ``RecordFacts``, which locks the customer and then decides. Source: decision 62.
"""

from services.customers.domain.account import Account
from services.customers.domain.change import Change, Surroundings
from services.customers.domain.decide import decide
from services.customers.domain.payment import AskedPayment
from services.customers.domain.terms import Terms
from services.customers.outbound.events import change_event
from services.customers.storage.keeping import keep_unless_beaten
from services.customers.storage.looking import look_at
from shared.basics.errors import KnownError
from shared.database.engine import Database, Transaction, unless_beaten


async def take_payment(database: Database, asked: AskedPayment, terms: Terms) -> tuple[Change, Account] | None:
    """The change and the account after it; None, with nothing written, where it takes a lock to say what happens."""
    async with database.direct_statements() as connection:
        return await unless_beaten(lambda: _take(connection, asked, terms))


async def _take(connection: Transaction, asked: AskedPayment, terms: Terms) -> tuple[Change, Account] | None:
    seen = await look_at(connection, asked)
    if seen is None or seen.is_there:
        return None
    change = _decided(seen.account, asked, terms)
    if change is None:
        return None
    event = change_event(change, epoch=seen.epoch, at=terms.now, history=False)
    await keep_unless_beaten(connection, seen.account, change, event)
    return change, seen.account


def _decided(account: Account, asked: AskedPayment, terms: Terms) -> Change | None:
    try:
        return decide(account, asked, Surroundings(terms, declared={}, document_owners={}))
    except KnownError:
        return None
