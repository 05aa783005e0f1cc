"""Customers being registered and changed; a document belongs to one of them at a time."""

from services.customers.domain.account import Account
from services.customers.domain.change import Change, Surroundings
from services.customers.domain.customer import AskedCustomer, Customer, customer_asked
from shared.basics.errors import Conflict


def register(account: Account, asked: AskedCustomer, around: Surroundings) -> Change | None:
    """Enter a new customer, or what is now known of one; ``document_in_use`` when its document is another's."""
    stored = account.customer
    wanted = customer_asked(asked, stored, around.declared, around.terms)
    if wanted == stored:
        return None
    _claim_document(stored, wanted, around.document_owners)
    account.customer = wanted
    event = "customer.registered" if stored is None else "customer.updated"
    return Change(event, wanted, account.next_seq(), stored is None)


def _claim_document(stored: Customer | None, wanted: Customer, owners: dict[str, str]) -> None:
    document = wanted.particulars.document
    if document is not None:
        owner = owners.get(document.key, wanted.customer_id)
        if owner != wanted.customer_id:
            detail = f"document {document.type} {document.number} belongs to customer {owner}"
            raise Conflict("document_in_use", detail, customer_id=owner)
    if stored is not None and stored.particulars.document is not None:
        owners.pop(stored.particulars.document.key, None)
    if document is not None:
        owners[document.key] = wanted.customer_id
