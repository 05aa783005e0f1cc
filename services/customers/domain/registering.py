"""Customers being registered and changed; a document belongs to one of them at a time."""

from dataclasses import replace

from services.customers.domain.account import Account
from services.customers.domain.change import AskedOfCustomer, Change, Surroundings
from services.customers.domain.customer import AskedArchiving, AskedCustomer, Customer, customer_asked
from services.customers.domain.customer_patch import AskedPatch, patched
from shared.basics.errors import Conflict


def write_customer(account: Account, asked: AskedOfCustomer, around: Surroundings) -> Change | None:
    """Enter a new customer, or what is now known of one; ``document_in_use`` when its document is another's."""
    match asked:
        case AskedCustomer():
            return _register(account, asked, around)
        case AskedPatch():
            wanted = patched(asked, account.owner, around.declared, around.terms)
            return _enter(account, wanted, "customer.updated", around)
        case AskedArchiving():
            wanted = replace(account.owner, archived=asked.archived)
            return _enter(account, wanted, "customer.archived" if asked.archived else "customer.unarchived", around)


def _register(account: Account, asked: AskedCustomer, around: Surroundings) -> Change | None:
    stored = account.registered
    wanted = customer_asked(asked, stored, around.declared, around.terms)
    event = "customer.registered" if stored is None else "customer.updated"
    return _enter(account, wanted, event, around)


def _enter(account: Account, wanted: Customer, event: str, around: Surroundings) -> Change | None:
    stored = account.customer
    if wanted == stored:
        return None
    _claim_document(stored, wanted, around.document_owners, around.terms.home)
    account.customer = wanted
    return Change(event, wanted, account.next_seq(), stored is None)


def _claim_document(stored: Customer | None, wanted: Customer, owners: dict[str, str], home: str | None) -> None:
    document = wanted.particulars.document
    if document is not None:
        owner = owners.get(document.key(home), wanted.customer_id)
        if owner != wanted.customer_id:
            detail = f"document {document.type} {document.number} belongs to customer {owner}"
            raise Conflict("document_in_use", detail, customer_id=owner)
    if stored is not None and stored.particulars.document is not None:
        owners.pop(stored.particulars.document.key(home), None)
    if document is not None:
        owners[document.key(home)] = wanted.customer_id
