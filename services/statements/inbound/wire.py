"""Payloads of ``customers.v1`` in statements' own words."""

from services.statements.domain.facts import Application, Balance, Customer, Fact, Payment, Terms
from shared.basics import money
from shared.contracts import customers_v1 as wire
from shared.contracts.values import Money
from shared.messaging.batch import Event


def fact_of(event: Event) -> Fact:
    """What an event of a customer says; nothing, if its type is of no use here."""
    match event.payload:
        case wire.Customer() as customer:
            return Fact(customer=_customer(customer))
        case wire.InvoiceEvent() as invoice:
            return Fact(
                terms=_terms(invoice),
                applications=_applications(invoice.effect.applications),
                balances=_balances(invoice.effect.balances),
            )
        case wire.PaymentEvent(status="succeeded") as payment:
            return Fact(
                payment=_payment(payment),
                applications=_applications(payment.effect.applications),
                balances=_balances(payment.effect.balances),
            )
        case _:
            return Fact()


def facts_of(snapshot: wire.Snapshot) -> list[Fact]:
    """Everything that a snapshot says of a customer, as facts told from the beginning."""
    return [
        Fact(customer=_customer(snapshot.customer)),
        *(Fact(terms=_terms(invoice)) for invoice in snapshot.invoices),
        *(Fact(payment=_payment(payment)) for payment in snapshot.payments if payment.status == "succeeded"),
        Fact(applications=_applications(snapshot.applications), balances=_balances(snapshot.balances)),
    ]


def _customer(customer: wire.Customer) -> Customer:
    return Customer(
        type=customer.type,
        name=customer.name,
        email=customer.email,
        emails=tuple(customer.emails),
        language=customer.language,
        country=customer.country,
        do_not_contact_until=customer.do_not_contact_until,
        archived=customer.archived,
    )


def _terms(invoice: wire.Invoice) -> Terms:
    number = invoice.number or invoice.invoice_id
    return Terms(invoice.invoice_id, number, invoice.issued_on, invoice.due_on, _money(invoice.amount))


def _payment(payment: wire.Payment) -> Payment:
    return Payment(payment.payment_id, _money(payment.amount), payment.occurred_on)


def _applications(parts: list[wire.Application]) -> tuple[Application, ...]:
    return tuple(Application(part.credit_id, part.invoice_id, _money(part.amount), part.applied_on) for part in parts)


def _balances(found: list[wire.InvoiceBalance]) -> tuple[Balance, ...]:
    return tuple(Balance(one.invoice_id, one.balance.amount, one.settled_on) for one in found)


def _money(value: Money) -> money.Money:
    return money.Money(value.amount, value.currency)
