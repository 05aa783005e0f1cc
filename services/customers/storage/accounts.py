"""Accounts out of the tables: what a group of writes needs, in a few queries whatever their number."""

from collections.abc import Iterable, Sequence

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Asked
from services.customers.domain.credit_note import AskedCreditNote
from services.customers.domain.customer import AskedCustomer, Customer, Document, Particulars, plain
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.invoice import AskedInvoice, AskedVoid
from services.customers.domain.payment import AskedPayment
from services.customers.domain.refund import AskedRefund
from services.customers.storage import applications, credit_notes, customers, invoices, payments, refunds
from services.customers.storage.named_facts import NamedFacts, facts_named_in
from services.customers.storage.nouns import load_nouns
from services.customers.storage.waiting_credits import waiting_credits
from shared.database.engine import Transaction

_MAY_CARRY_A_DOCUMENT = (AskedCustomer, AskedPatch)


async def lock_accounts(connection: Transaction, asked: Sequence[Asked]) -> tuple[dict[str, Account], int]:
    """The account of every customer named, locked till the transaction ends; unknown customers get an empty one.

    With them the epoch, which every event carries.
    """
    accounts = {customer_id: Account(customer_id) for customer_id in {one.customer_id for one in asked}}
    epoch, known = await customers.lock_customers(connection, accounts)
    for customer, seq in known:
        account = accounts[customer.customer_id]
        account.customer, account.seq = customer, seq
    named = facts_named_in(asked)
    await _load_parts(connection, accounts, asked, named)
    await _load_facts(connection, accounts, named)
    await _load_what_can_meet(connection, accounts, asked)
    await load_nouns(connection, accounts, asked)
    return accounts, epoch


async def _load_parts(connection: Transaction, accounts: Accounts, asked: Sequence[Asked], named: NamedFacts) -> None:
    """What a refunded payment paid, and whatever paid a voided invoice; both sides of it are needed too."""
    refunded = {(one.customer_id, one.payment_id) for one in asked if isinstance(one, AskedRefund)}
    voided = {(one.customer_id, one.invoice_id) for one in asked if isinstance(one, AskedVoid)}
    for customer_id, part in await applications.standing_parts(connection, refunded, voided):
        paid = accounts[customer_id].book.paid.setdefault((part.credit_kind, part.credit_id), {})
        paid[part.invoice_id] = part.amount
        named.invoices.add((customer_id, part.invoice_id))
        (named.payments if part.credit_kind == "payment" else named.credit_notes).add((customer_id, part.credit_id))
    for customer_id, invoice_id in await credit_notes.invoices_with_credit_note(connection, voided):
        accounts[customer_id].with_credit_note.add(invoice_id)


async def _load_facts(connection: Transaction, accounts: Accounts, named: NamedFacts) -> None:
    for invoice in await invoices.named_invoices(connection, named.invoices):
        accounts[invoice.invoice.customer_id].hold_invoice(invoice)
    for payment in await payments.named_payments(connection, named.payments):
        accounts[payment.payment.customer_id].hold_payment(payment)
    for note in await credit_notes.named_credit_notes(connection, named.credit_notes):
        accounts[note.note.customer_id].hold_credit_note(note)
    for refund in await refunds.named_refunds(connection, named.refunds):
        accounts[refund.customer_id].refunds[refund.payment_id, refund.refund_id] = refund


async def _load_what_can_meet(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    """By the ledger's own rule a currency has open invoices or waiting credit, never both.

    So a new invoice, or one that a refund opens again, can only meet waiting credit; new credit, or what a void sets
    free, only open invoices.
    """
    crediting = {one.customer_id for one in asked if _brings_credit(one)}
    for customer_id, debt in await invoices.open_debts(connection, crediting):
        accounts[customer_id].book.debts[debt.invoice_id] = debt
    owing = {one.customer_id for one in asked if isinstance(one, AskedInvoice | AskedRefund)}
    for customer_id, credit in await waiting_credits(connection, owing):
        accounts[customer_id].book.credits[credit.key] = credit


def _brings_credit(asked: Asked) -> bool:
    if isinstance(asked, AskedPayment):
        return asked.status == "succeeded"
    return isinstance(asked, AskedCreditNote | AskedVoid)


async def document_owners(connection: Transaction, asked: Sequence[Asked], accounts: Accounts) -> dict[str, str]:
    """Whose the documents are, by key, that the asked customers may come to carry.

    A patch may change a part of a document, so all documents are looked at that have a number anybody says or has.
    """
    said = [one for one in asked if isinstance(one, _MAY_CARRY_A_DOCUMENT)]
    numbers = {plain(number) for one in said for number in _numbers(one, accounts[one.customer_id].customer)}
    return await customers.document_owners(connection, numbers) if numbers else {}


def _numbers(asked: Asked, stored: Customer | None) -> Iterable[str]:
    match asked:
        case AskedCustomer(particulars=Particulars(document=Document(number=number))):
            return [number]
        case AskedPatch(said={"document": said}):
            known = stored and stored.particulars.document
            return [number for number in (known and known.number, (said or {}).get("number")) if number]
        case _:
            return []
