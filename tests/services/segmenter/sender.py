"""A sender of ``customers.v1`` for tests: it keeps the books with the oracle's ledger, and numbers its events."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

import msgspec

from services.segmenter.inbound.events import TYPES
from shared.contracts import customers_v1 as wire
from shared.contracts.envelope import Envelope, encode_data, encode_headers
from shared.contracts.values import Money, wire_money
from shared.messaging.batch import Event, Record, read_record
from tests.journeys.wire import customer_body
from tests.oracle.facts import BUSINESS_ZONE, Account, Invoice, Payment
from tests.oracle.ledger import Application, Ledger, replay

_offsets: Iterator[int] = count()
_ever = date.max


def heard(envelope: Envelope, *, partition: int = 0) -> Event:
    """An event as the consumer hands it on, through its bytes."""
    record = Record(
        wire.TOPIC,
        partition,
        next(_offsets),
        envelope.key.encode(),
        encode_headers(envelope),
        envelope.data,
    )
    event = read_record(record, TYPES)
    assert isinstance(event, Event), event
    return event


@dataclass
class Books:
    """One customer's account, and every event told of it."""

    account: Account
    told: list[Event] = field(default_factory=list)
    epoch: int = 1

    @property
    def customer_id(self) -> str:
        return self.account.customer.customer_id

    @property
    def ledger(self) -> Ledger:
        return replay(self.account.facts, _ever)

    def registered(self, *, history: bool = False) -> Event:
        return self._tell("customer.registered", self._customer(), history)

    def updated(self, **attributes: Any) -> Event:
        self.account = Account(replace(self.account.customer, **attributes), self.account.facts)
        return self._tell("customer.updated", self._customer(), False)

    def issues(self, invoice: Invoice, *, history: bool = False) -> Event:
        """The invoice is issued, or, if it was before, changed."""
        kind = "invoice.changed" if invoice.invoice_id in self.ledger.invoices else "invoice.issued"
        return self._with_effect(kind, invoice, history)

    def attempts(self, payment: Payment, *, history: bool = False) -> Event:
        return self._with_effect(f"payment.{payment.status}", payment, history)

    def says_something_new(self) -> Event:
        """An event of a type that this version does not know."""
        return self._tell("customer.danced", self._customer(), False)

    def snapshot(self) -> wire.Snapshot:
        ledger = self.ledger
        payments = [fact for fact in self.account.facts if isinstance(fact, Payment)]
        return wire.Snapshot(
            customer_id=self.customer_id,
            epoch=self.epoch,
            seq=len(self.told),
            customer=self._customer(),
            invoices=[wire.Invoice(**self._invoice(invoice)) for invoice in ledger.invoices.values()],
            payments=[wire.Payment(**self._payment(payment)) for payment in payments],
            applications=[self._application(part) for part in ledger.applications],
            balances=self._balances(ledger, ledger.invoices),
        )

    def _with_effect(self, kind: str, fact: Invoice | Payment, history: bool) -> Event:
        before = self.ledger
        self.account.facts.append(fact)
        after = self.ledger
        new = after.applications[len(before.applications) :]
        effect = wire.Effect(
            applications=[self._application(part) for part in new],
            balances=self._balances(after, {part.invoice_id for part in new}),
        )
        payload: msgspec.Struct
        if isinstance(fact, Invoice):
            payload = wire.InvoiceEvent(**self._invoice(fact), effect=effect)
        else:
            payload = wire.PaymentEvent(**self._payment(fact), effect=effect)
        return self._tell(kind, payload, history)

    def _tell(self, kind: str, payload: msgspec.Struct, history: bool) -> Event:
        sequence = len(self.told) + 1
        envelope = _envelope(self.customer_id, kind, sequence, payload, epoch=self.epoch, history=history)
        self.told.append(heard(envelope))
        return self.told[-1]

    def _customer(self) -> wire.Customer:
        customer = self.account.customer
        document = wire.Document(customer.document_type or "", customer.document_number or "")
        return wire.Customer(
            customer_id=customer.customer_id,
            type="company" if customer.type == "company" else "person",
            name=customer.name,
            currency=customer.currency,
            registered_on=customer.registered_on,
            email=customer.email,
            emails=list(customer.emails),
            phone=customer.phone,
            document=document if customer.document_number else None,
            language=customer.language,
            country=customer.country,
            portfolio=customer.portfolio,
            client_type=customer.client_type,
            risk_score=None if customer.risk_score is None else float(customer.risk_score),
            variables=customer_body(customer)["variables"],
        )

    def _invoice(self, invoice: Invoice) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "invoice_id": invoice.invoice_id,
            "issued_on": invoice.issued_on,
            "due_on": invoice.due_on,
            "amount": Money(invoice.amount, invoice.currency),
            "product": invoice.product,
        }

    def _payment(self, payment: Payment) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "payment_id": payment.payment_id,
            "status": payment.status,
            "amount": Money(payment.amount, payment.currency),
            "occurred_at": payment.occurred_at,
            "occurred_on": payment.on,
        }

    def _application(self, part: Application) -> wire.Application:
        currency = self.ledger.invoices[part.invoice_id].currency
        return wire.Application(
            credit_kind="payment",
            credit_id=part.payment_id,
            invoice_id=part.invoice_id,
            amount=wire_money(part.amount, currency),
            applied_on=part.on,
        )

    def _balances(self, ledger: Ledger, invoice_ids: Any) -> list[wire.InvoiceBalance]:
        return [
            wire.InvoiceBalance(
                invoice_id=invoice_id,
                balance=wire_money(ledger.balances[invoice_id], ledger.invoices[invoice_id].currency),
                settled_on=ledger.settled_on.get(invoice_id),
            )
            for invoice_id in sorted(invoice_ids)
        ]


def declared(key: str, sequence: int, *, es: str) -> Event:
    """A custom text variable is declared."""
    payload = wire.VariableDeclared(key=key, type="text", title=wire.Title(es=es))
    return heard(_envelope(wire.variable_key(key), "variable.declared", sequence, payload))


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
