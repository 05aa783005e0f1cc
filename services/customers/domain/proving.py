"""The proof of a customer's books: its facts, replayed from the first in the order received, come to what is kept.

Balances, what is left of each credit, and which credit paid which invoice came about write by write; here the same
ledger works them out at one go. The command ``verify`` compares them.
"""

from collections.abc import Iterator
from datetime import date

from services.customers.domain.whole_customer import WholeCustomer
from shared.basics.difference import Difference
from shared.basics.ledger.book import Book
from shared.basics.ledger.replay import Credited, DueChanged, Entry, Issued, Refunded, Voided, replay
from shared.basics.ledger.values import Credit, CreditKey, new_debt
from shared.basics.money import ZERO

_EVER = date.max
_COMPARED = ("balance", "due_on", "settled_on", "voided_on")


def unproven(whole: WholeCustomer) -> list[Difference]:
    """Everything in which the kept books of a customer are not what its facts say."""
    book = replay(entries_of(whole), _EVER)
    said = [*_of_debts(whole, book), *_of_credits(whole, book), *_of_applications(whole, book)]
    return [Difference(whole.customer.customer_id, text) for text in said]


def entries_of(whole: WholeCustomer) -> list[Entry]:
    """Every fact of money, in the order received."""
    told = [*_of_invoices(whole), *_of_money(whole)]
    return [entry for _, entry in sorted(told, key=lambda one: one[0])]


def _of_invoices(whole: WholeCustomer) -> Iterator[tuple[int, Entry]]:
    for kept in whole.invoices:
        one, (first, *later) = kept.invoice, kept.told.due_dates
        amount = one.amount
        yield first.seq, Issued(new_debt(one.invoice_id, amount.currency, one.issued_on, first.due_on, amount.amount))
        for due in later:
            yield due.seq, DueChanged(one.invoice_id, due.due_on)
        if one.voided_on is not None and kept.told.voided_seq is not None:
            yield kept.told.voided_seq, Voided(one.invoice_id, one.voided_on)


def _of_money(whole: WholeCustomer) -> Iterator[tuple[int, Entry]]:
    for kept in whole.payments:
        one = kept.payment
        if one.status == "succeeded":
            credit = Credit("payment", one.payment_id, one.amount.currency, one.occurred_on, one.amount.amount)
            yield kept.seq, Credited(credit, tuple((part.invoice_id, part.amount.amount) for part in one.allocations))
    for noted in whole.credit_notes:
        note = noted.note
        wanted = ((note.invoice_id, note.amount.amount),) if note.invoice_id else ()
        yield noted.seq, Credited(note.credit(), wanted)
    for given_back in whole.refunds:
        refund = given_back.refund
        key: CreditKey = ("payment", refund.payment_id)
        yield given_back.seq, Refunded(key, refund.amount.amount, refund.refunded_on)


def _of_debts(whole: WholeCustomer, book: Book) -> Iterator[str]:
    for kept in whole.invoices:
        debt, wanted = kept.debt, book.debts[kept.invoice.invoice_id]
        for name in _COMPARED:
            if getattr(debt, name) != getattr(wanted, name):
                is_, should_be = getattr(debt, name), getattr(wanted, name)
                yield f"invoice {debt.invoice_id}: {name} is {is_}, should be {should_be}"


def _of_credits(whole: WholeCustomer, book: Book) -> Iterator[str]:
    succeeded = [kept.credit for kept in whole.payments if kept.payment.status == "succeeded"]
    for credit in [*succeeded, *(kept.credit for kept in whole.credit_notes)]:
        wanted = book.credits[credit.key].left
        if credit.left != wanted:
            yield f"{credit.kind} {credit.credit_id}: {credit.left} is left of it, should be {wanted}"


def _of_applications(whole: WholeCustomer, book: Book) -> Iterator[str]:
    kept = {((one.credit_kind, one.credit_id), one.invoice_id): one.amount for one in whole.applications}
    wanted = {(key, invoice_id): part for key, parts in book.paid.items() for invoice_id, part in parts.items()}
    for pair in sorted(kept.keys() | wanted.keys()):
        is_, should_be = kept.get(pair, ZERO), wanted.get(pair, ZERO)
        if is_ != should_be:
            (kind, credit_id), invoice_id = pair
            yield f"{kind} {credit_id} pays {is_} of invoice {invoice_id}, should be {should_be}"
