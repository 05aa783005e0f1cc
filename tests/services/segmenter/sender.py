"""A sender of ``customers.v1`` for tests: it keeps the books with the oracle's ledger, and numbers its events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import count
from typing import Any

import msgspec

from services.segmenter.inbound.events import TYPES
from shared.contracts import customers_snapshots, statements_v1
from shared.contracts import customers_v1 as wire
from shared.contracts.envelope import Envelope, encode_data, encode_headers
from shared.messaging.batch import Event, Record, read_record
from tests.oracle.facts import (
    BUSINESS_ZONE,
    Account,
    CreditNote,
    Dispute,
    Fact,
    Invoice,
    Payment,
    Promise,
    Refund,
    Subscription,
    Void,
)
from tests.oracle.ledger import Ledger, replay
from tests.services.segmenter import told_as

_offsets: Iterator[int] = count()
_ever = date.max


def heard(envelope: Envelope, *, partition: int = 0, topic: str = wire.TOPIC) -> Event:
    """An event as the consumer hands it on, through its bytes."""
    key, headers = envelope.key.encode(), encode_headers(envelope)
    event = read_record(Record(topic, partition, next(_offsets), key, headers, envelope.data), TYPES)
    assert isinstance(event, Event), event
    return event


@dataclass
class Books:
    """One customer's account, and every event told of it. ``seqs``: which event told each fact of the account."""

    account: Account
    told: list[Event] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)
    epoch: int = 1
    is_erased: bool = False

    @property
    def customer_id(self) -> str:
        return self.account.customer.customer_id

    @property
    def ledger(self) -> Ledger:
        return replay(self.account.facts, _ever)

    def registered(self, *, history: bool = False) -> Event:
        return self._tell("customer.registered", told_as.customer(self.account.customer), history)

    def updated(self, **attributes: Any) -> Event:
        self.account = Account(replace(self.account.customer, **attributes), self.account.facts)
        kind = {True: "customer.archived", False: "customer.unarchived"}.get(attributes.get("archived", ""))
        return self._tell(kind or "customer.updated", told_as.customer(self.account.customer), False)

    def erased(self) -> Event:
        self.is_erased = True
        return self._tell("customer.erased", wire.CustomerErased(customer_id=self.customer_id), False)

    def issues(self, invoice: Invoice, *, history: bool = False) -> Event:
        """The invoice is issued, or, if it was before, changed."""
        return self.tells(invoice, history=history)

    def attempts(self, payment: Payment, *, history: bool = False) -> Event:
        return self.tells(payment, history=history)

    def tells(self, fact: Fact, *, history: bool = False) -> Event:
        """Any fact, with its effect on the books."""
        before = self.ledger
        self.account.facts.append(fact)
        self.seqs.append(len(self.told) + 1)
        after = self.ledger
        kind, payload = self._payload(fact, before, after)
        return self._tell(kind, payload, history)

    def says_something_new(self) -> Event:
        """An event of a type that this version does not know."""
        return self._tell("customer.danced", told_as.customer(self.account.customer), False)

    def snapshot(self) -> customers_snapshots.Snapshot:
        return told_as.snapshot(
            self.account, self.seqs, self.ledger, epoch=self.epoch, seq=len(self.told), erased=self.is_erased
        )

    def _payload(self, fact: Fact, before: Ledger, after: Ledger) -> tuple[str, msgspec.Struct]:
        match fact:
            case Subscription():
                told = told_as.subscription(self.customer_id, fact.subscription_id, self.account.facts)
                return "subscription.changed", told
            case Dispute():
                return self._dispute_kind(fact), told_as.dispute(self.customer_id, fact)
            case Promise():
                return self._promise_kind(fact), told_as.promise(self.customer_id, fact)
            case _:
                return self._of_money(fact, before, after)

    def _of_money(
        self, fact: Invoice | Void | Payment | Refund | CreditNote, before: Ledger, after: Ledger
    ) -> tuple[str, msgspec.Struct]:
        name, effect = self.customer_id, told_as.effect(before, after)
        match fact:
            case Invoice():
                kind = "invoice.changed" if fact.invoice_id in before.invoices else "invoice.issued"
                return kind, wire.InvoiceEvent(**told_as.invoice(name, fact, None), effect=effect)
            case Void():
                void = told_as.invoice(name, after.invoices[fact.invoice_id], fact.voided_on)
                return "invoice.voided", wire.InvoiceEvent(**void, effect=effect)
            case Payment():
                return f"payment.{fact.status}", wire.PaymentEvent(**told_as.payment(name, fact), effect=effect)
            case Refund():
                refund = told_as.refund(name, fact, after.payments[fact.payment_id].currency)
                return "payment.refunded", wire.RefundEvent(**refund, effect=effect)
            case CreditNote():
                return "credit_note.issued", wire.CreditNoteEvent(**told_as.credit_note(name, fact), effect=effect)

    def _dispute_kind(self, fact: Dispute) -> str:
        told = [one for one in self.account.facts if isinstance(one, Dispute) and one.dispute_id == fact.dispute_id]
        if len(told) == 1:
            return "dispute.opened"
        return "dispute.closed" if fact.closed_on and not told[-2].closed_on else "dispute.changed"

    def _promise_kind(self, fact: Promise) -> str:
        told = [one for one in self.account.facts if isinstance(one, Promise) and one.promise_id == fact.promise_id]
        if len(told) == 1:
            return "promise.made"
        return "promise.cancelled" if fact.cancelled else "promise.reinstated"

    def _tell(self, kind: str, payload: msgspec.Struct, history: bool) -> Event:
        sequence = len(self.told) + 1
        envelope = _envelope(self.customer_id, kind, sequence, payload, epoch=self.epoch, history=history)
        self.told.append(heard(envelope))
        return self.told[-1]


def declared(key: str, sequence: int, *, es: str) -> Event:
    """A custom text variable is declared."""
    payload = wire.VariableDeclared(key=key, type="text", title=wire.Title(es=es))
    return heard(_envelope(wire.variable_key(key), "variable.declared", sequence, payload))


def contact(customer_id: str, kind: str, address: str, sequence: int) -> Event:
    """Statements tell that an address ``bounced``, ``complained`` or is ``restored``."""
    payload = statements_v1.ContactNews(
        customer_id=customer_id,
        channel="email",
        address_sha256=sha256(address.encode()).hexdigest(),
        delivery_id="d-1",
        at=datetime(2026, 3, 9, 13, tzinfo=UTC),
    )
    return heard(_envelope(customer_id, f"contact.{kind}", sequence, payload), topic=statements_v1.TOPIC)


def _envelope(
    key: str, kind: str, sequence: int, payload: msgspec.Struct, *, epoch: int = 1, history: bool = False
) -> Envelope:
    return Envelope(
        type=kind,
        id=f"{key}-{sequence}",
        source="customers",
        time=datetime(2026, 3, 9, 13, tzinfo=UTC),
        sequence=sequence,
        epoch=epoch,
        key=key,
        data=encode_data(payload),
        history=history,
    )


def noon(day: date) -> datetime:
    """An instant on a business day."""
    return datetime.combine(day, time(12), BUSINESS_ZONE)


def everything(account: Account) -> tuple[Books, Sequence[Event]]:
    """The books of an account, and every event that tells it from the beginning."""
    books = Books(Account(account.customer, []))
    books.registered()
    for fact in account.facts:
        books.tells(fact)
    return books, books.told
