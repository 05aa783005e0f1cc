"""A stream of events as a billing company makes them: invoices, payments that settle them, and payments that fail.

Each customer goes round: an invoice, a failed attempt every third time, the payment that settles it; a day a step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

import msgspec

from shared.contracts import customers_v1 as wire
from shared.contracts.envelope import Envelope, encode_data, encode_headers
from shared.contracts.values import Money, wire_money
from shared.messaging.batch import Record

FIRST_DAY = date(2025, 1, 1)
_AMOUNT = wire_money(Decimal(100000), "COP")
_NOTHING = wire_money(Decimal(0), "COP")
_offsets = count()


@dataclass
class _Payer:
    seq: int = 1
    step: int = 0


@dataclass
class Billing:
    """Customers ``c0000000``…; every event follows the one before of its customer."""

    customers: int
    day: date = FIRST_DAY
    _payers: dict[int, _Payer] = field(default_factory=dict)

    def registrations(self) -> Iterator[Record]:
        """The first event of every customer."""
        for number in range(self.customers):
            name = customer_id(number)
            customer = wire.Customer(
                customer_id=name,
                type="person" if number % 3 else "company",
                name=f"Cliente {number}",
                currency="COP",
                registered_on=FIRST_DAY,
                email=f"{name}@correo.co",
                portfolio=("Energía", "Agua", "Internet")[number % 3],
            )
            yield _record(name, 1, "customer.registered", customer, self.day)

    def events(self, wanted: int, *, among: Sequence[int] | None = None, days_pass: bool = True) -> list[Record]:
        """The next events, going through the customers in turn; a day passes with each round, or none."""
        turn = among or range(self.customers)
        found: list[Record] = []
        while len(found) < wanted:
            self.day += timedelta(days=days_pass)
            found += [self._next(number) for number in turn[: wanted - len(found)]]
        return found

    def _next(self, number: int) -> Record:
        payer, name = self._payers.setdefault(number, _Payer()), customer_id(number)
        payer.seq += 1
        payer.step += 1
        round_, place = divmod(payer.step - 1, 3)
        invoice_id = f"f{round_}"
        if place == 0:
            return _record(name, payer.seq, "invoice.issued", self._invoice(name, invoice_id), self.day)
        fails = place == 1
        payment = self._payment(name, f"p{payer.step}", None if fails else invoice_id)
        return _record(name, payer.seq, "payment.failed" if fails else "payment.succeeded", payment, self.day)

    def _invoice(self, name: str, invoice_id: str) -> wire.InvoiceEvent:
        return wire.InvoiceEvent(
            customer_id=name,
            invoice_id=invoice_id,
            issued_on=self.day,
            due_on=self.day + timedelta(days=15),
            amount=_AMOUNT,
            product="Plan hogar",
            effect=wire.Effect(balances=[wire.InvoiceBalance(invoice_id=invoice_id, balance=_AMOUNT)]),
        )

    def _payment(self, name: str, payment_id: str, settles: str | None) -> wire.PaymentEvent:
        return wire.PaymentEvent(
            customer_id=name,
            payment_id=payment_id,
            status="succeeded" if settles else "failed",
            amount=_AMOUNT,
            occurred_at=datetime.combine(self.day, time(15), UTC),
            occurred_on=self.day,
            effect=_effect(payment_id, settles, self.day) if settles else wire.Effect(),
        )


def _effect(payment_id: str, invoice_id: str, day: date) -> wire.Effect:
    made = wire.Application(
        credit_kind="payment", credit_id=payment_id, invoice_id=invoice_id, amount=_AMOUNT, applied_on=day
    )
    left: Money = _NOTHING
    return wire.Effect(
        applications=[made], balances=[wire.InvoiceBalance(invoice_id=invoice_id, balance=left, settled_on=day)]
    )


def customer_id(number: int) -> str:
    """Ids in the order of their numbers."""
    return f"c{number:07}"


def _record(name: str, sequence: int, kind: str, payload: msgspec.Struct, day: date) -> Record:
    moment = datetime.combine(day, time(15), UTC)
    event = Envelope(kind, f"{name}-{sequence}", "customers", moment, sequence, 1, name, encode_data(payload))
    return Record(wire.TOPIC, 0, next(_offsets), name.encode(), encode_headers(event), event.data)
