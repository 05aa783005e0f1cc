"""Prepare planned deliveries: read each customer once more, then skip it with its reason or write its mail.

The mail's bytes are kept before any call of the gateway, so that a repeat is the same to the byte. HTML, text, PDF, CSV
and JSON come from this one read. Writing takes an interpreter whole, so a process of its own does it (ADR 48).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from services.statements.domain.addresses import Address, addresses_of, fingerprints_of, why_none
from services.statements.domain.audience import is_in
from services.statements.domain.cascade import Cascade
from services.statements.domain.contacts import Contact, Turn, last_forgotten, was_contacted
from services.statements.domain.facts import Account
from services.statements.domain.holding import HELD_AT_MOST
from services.statements.domain.rule import Rule
from services.statements.domain.skipping import Reading, why_skip
from services.statements.domain.speech import locale_of
from services.statements.domain.statement import Statement, state
from services.statements.outbound.letter import Letter, Sending
from services.statements.outbound.statement_json import statement_json
from services.statements.storage import addresses, contacts, ledger, preparing, rules, segments, suppressions
from services.statements.storage.addresses import NewAddress
from services.statements.storage.preparing import Prepared, Unprepared
from services.statements.usecases.fail_unwritten import fail_unwritten, try_to_write
from shared.database.engine import Database
from shared.database.one_moment import at_one_moment
from shared.runtime.clock import Clock

_AT_ONCE = 50

WriteMails = Callable[[Letter, Sending, Sequence[tuple[int, str]]], list[bytes]]
"""The bytes of a letter's mails, one to each (place, address)."""


@dataclass(frozen=True)
class _Known:
    """What a batch of deliveries is prepared from."""

    accounts: dict[str, Account]
    rules: dict[tuple[str, int], Rule]
    published: Cascade
    suppressed: frozenset[str]
    contacted: dict[str, list[Contact]]
    now: datetime


@dataclass(frozen=True)
class _Page:
    """Everything about one delivery as the last reading found it."""

    unprepared: Unprepared
    account: Account
    rule: Rule
    statement: Statement
    found: list[Address]
    now: datetime


@dataclass(frozen=True)
class PrepareMails:
    """A few deliveries a step, their rows locked."""

    database: Database
    clock: Clock
    write_mails: WriteMails

    async def __call__(self) -> bool:
        """Prepare the next deliveries; whether there were any."""
        async with self.database.direct_transaction() as connection:
            claimed = await preparing.claim_unprepared(connection, _AT_ONCE, HELD_AT_MOST)
            if not claimed:
                return False
            known = await self._read(claimed)
            prepared = [self._prepare(one, known) for one in claimed]
            await preparing.keep_prepared(connection, [one for one, _ in prepared])
            entered = [entry for _, entries in prepared for entry in entries]
            await addresses.enter(connection, entered)
            await fail_unwritten(connection, entered, known.now)
        return True

    async def _read(self, claimed: Sequence[Unprepared]) -> _Known:
        """In a transaction of its own: one moment for all tables, which a claim could not be made in."""
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            accounts = await ledger.accounts(connection, [one.customer_id for one in claimed])
            given = {one for account in accounts.values() for one in fingerprints_of(account.customer)}
            as_then = await rules.versions(connection, {(one.rule_id, one.rule_version) for one in claimed})
            spaced = [
                (one.customer_id, last_forgotten(one.as_of_date, days))
                for one in claimed
                if (days := _rule(one, as_then).min_days_between_contacts)
            ]
            after = min((day for _, day in spaced), default=date.max)
            return _Known(
                accounts=accounts,
                rules=as_then,
                published=await segments.published(connection),
                suppressed=await suppressions.suppressed(connection, given),
                contacted=await contacts.accepted(connection, {customer_id for customer_id, _ in spaced}, after),
                now=self.clock.now(),
            )

    def _prepare(self, unprepared: Unprepared, known: _Known) -> tuple[Prepared, list[NewAddress]]:
        account = known.accounts.get(unprepared.customer_id)
        if account is None:
            return _skipped(unprepared, "left_audience"), []
        rule = _rule(unprepared, known.rules)
        statement = state(account, rule.content, unprepared.as_of_date, known.published.aging_edges)
        found = addresses_of(account.customer, known.suppressed, known.published.placeholders)
        page = _Page(unprepared, account, rule, statement, found, known.now)
        reason = why_skip(_reading(page, known))
        if reason:
            return _skipped(unprepared, reason), []
        return _to_be_sent(page), self._mails(page)

    def _mails(self, page: _Page) -> list[NewAddress]:
        delivery_id = page.unprepared.delivery_id
        sending = Sending(delivery_id, page.unprepared.rule_id, page.unprepared.period)
        letter = Letter(
            customer_id=page.account.customer_id,
            customer=page.account.customer,
            locale=locale_of(page.account.customer),
            statement=page.statement,
            with_pdf=page.rule.attach_pdf,
        )
        return try_to_write(delivery_id, page.found, partial(self.write_mails, letter, sending))


def _rule(unprepared: Unprepared, as_then: dict[tuple[str, int], Rule]) -> Rule:
    return as_then[unprepared.rule_id, unprepared.rule_version]


def _reading(page: _Page, known: _Known) -> Reading:
    unprepared, account = page.unprepared, page.account
    paused_until = account.customer.do_not_contact_until
    is_over = unprepared.send_until_at is not None and page.now > unprepared.send_until_at
    return Reading(
        says_something=page.statement.says_something,
        said_something=unprepared.said_something,
        skip_when_empty=page.rule.skip_when_empty,
        reconciles=page.statement.reconciles,
        is_in_audience=is_in(page.rule.audience, account, unprepared.as_of_date, known.published.aging_edges),
        is_paused=paused_until is not None and paused_until >= unprepared.as_of_date,
        was_contacted=was_contacted(
            known.contacted.get(account.customer_id, ()),
            Turn(unprepared.delivery_id, unprepared.rule_id, unprepared.due_at),
            unprepared.as_of_date,
            page.rule.min_days_between_contacts,
        ),
        no_mail=why_none(page.found),
        is_behind=unprepared.is_behind,
        is_too_late=unprepared.is_cut or is_over,
        stopped=unprepared.stopped_for,
    )


def _skipped(unprepared: Unprepared, reason: str) -> Prepared:
    return Prepared(
        delivery_id=unprepared.delivery_id, state="skipped", reason=reason, locale=None, totals=(), statement=None
    )


def _to_be_sent(page: _Page) -> Prepared:
    locale = locale_of(page.account.customer)
    return Prepared(
        delivery_id=page.unprepared.delivery_id,
        state="planned",
        reason=None,
        locale=locale,
        totals=page.statement.totals,
        statement=statement_json(page.account.customer_id, page.statement, locale, page.now),
    )
