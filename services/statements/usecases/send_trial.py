"""Send one customer's statement to an address of one's own, to see what a rule would send.

It is no delivery: nothing of it is kept or told, and nothing is repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.statements.domain.sending import Answer
from services.statements.domain.speech import locale_of
from services.statements.outbound.letter import Letter, Sending
from services.statements.outbound.trial import as_trial
from services.statements.usecases.prepare_mails import WriteMails
from services.statements.usecases.read_rules import living_rule
from services.statements.usecases.state_customer import StateCustomer
from shared.basics.errors import Unavailable, mistake
from shared.database.engine import Database
from shared.runtime.ids import new_id


@dataclass(frozen=True)
class Trial:
    """What was sent; ``is_certain``: the gateway said that it took it."""

    subject: str
    is_certain: bool


@dataclass(frozen=True)
class SendTrial:
    """Calls the gateway once, with no transaction open."""

    database: Database
    state_customer: StateCustomer
    write_mails: WriteMails
    send: Callable[[str, bytes], Awaitable[Answer]]

    async def __call__(self, rule_id: str, customer_id: str, to: str) -> Trial:
        """Send what the rule would send to the customer now.

        Raises
        ------
        Missing, Gone, Conflict
            There is no such rule or customer, the customer is erased, or its figures do not reconcile.
        BadInput
            The gateway refuses the address.
        Unavailable
            The gateway takes no mails now.
        """
        letter = await self._letter(rule_id, customer_id)
        sending = Sending(new_id(), rule_id, "trial")
        [mail] = await asyncio.to_thread(self.write_mails, letter, sending, [(1, to)])
        trial, subject = as_trial(mail, letter.locale)
        answer = await self.send(f"{sending.delivery_id}.1", trial)
        if answer.kind == "rejected":
            raise mistake("/to", "rejected", "the mail gateway refuses to write to this address")
        if answer.kind == "not_sent":
            raise Unavailable("gateway_unavailable", "the mail gateway takes no mails now")
        return Trial(subject, is_certain=answer.kind == "accepted")

    async def _letter(self, rule_id: str, customer_id: str) -> Letter:
        async with self.database.transaction() as connection:
            rule = (await living_rule(connection, rule_id)).rule
        stated = await self.state_customer(customer_id, rule.content)
        return Letter(
            customer_id=customer_id,
            customer=stated.customer,
            locale=locale_of(stated.customer),
            statement=stated.statement,
            with_pdf=rule.attach_pdf,
        )
