"""State what a customer owes right now, outside any rule."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.statements.domain.facts import Account, Customer
from services.statements.domain.rule import Content
from services.statements.domain.speech import locale_of
from services.statements.domain.statement import Statement, state
from services.statements.outbound.letter import Letter, Letterhead
from services.statements.outbound.pdf import write_pdf
from services.statements.outbound.rendering import render
from services.statements.outbound.showing import show
from services.statements.outbound.shown import Shown
from services.statements.outbound.statement_json import statement_json
from services.statements.storage import ledger, segments
from shared.basics.errors import Conflict, Gone, Missing
from shared.database.engine import Database
from shared.database.one_moment import at_one_moment
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class StatedNow:
    """A statement as of an instant, with whose it is."""

    customer_id: str
    customer: Customer
    statement: Statement
    as_of: datetime


@dataclass(frozen=True)
class StateCustomer:
    """Reads without locking."""

    database: Database
    clock: Clock
    letterhead: Letterhead

    async def __call__(self, customer_id: str, content: Content) -> StatedNow:
        """The statement of a customer as of now.

        Raises
        ------
        Missing
            The customer is not known here.
        Gone
            The customer is erased.
        Conflict
            The figures do not reconcile (``not_reconciled``).
        """
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            edges = (await segments.published(connection)).aging_edges
            account = known_account(await ledger.accounts(connection, [customer_id]), customer_id)
        statement = state(account, content, self.clock.today(), edges)
        if not statement.reconciles:
            raise Conflict("not_reconciled", "the figures of this customer do not reconcile now")
        return StatedNow(customer_id, account.customer, statement, self.clock.now())

    def json(self, stated: StatedNow) -> dict[str, Any]:
        """The figures as JSON values."""
        return statement_json(stated.customer_id, stated.statement, locale_of(stated.customer), stated.as_of)

    async def html(self, stated: StatedNow) -> str:
        """The HTML that its mail would have, complete in itself."""
        logo = self.letterhead.logo
        inline = f"data:{logo.content_type};base64,{b64encode(logo.content).decode()}" if logo else None
        rendered = await asyncio.to_thread(lambda: render(self._shown(stated), self.letterhead, inline))
        return rendered.html

    async def pdf(self, stated: StatedNow) -> bytes:
        """The PDF that its mail would bring."""
        return await asyncio.to_thread(lambda: write_pdf(self._shown(stated), self.letterhead))

    def _shown(self, stated: StatedNow) -> Shown:
        letter = Letter(
            customer_id=stated.customer_id,
            customer=stated.customer,
            locale=locale_of(stated.customer),
            statement=stated.statement,
            with_pdf=False,
        )
        return show(letter, self.letterhead)


def known_account(accounts: Mapping[str, Account], customer_id: str) -> Account:
    """The account of a customer that may be shown.

    Raises
    ------
    Missing
        The customer is not known here.
    Gone
        The customer is erased.
    """
    account = accounts.get(customer_id)
    if account is None:
        raise Missing("unknown_customer", f"there is no customer {customer_id!r}")
    if account.customer.erased:
        raise Gone("erased", f"customer {customer_id!r} is erased")
    return account
