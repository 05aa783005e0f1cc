"""What all reading about a customer begins with: is somebody registered under this id."""

from services.customers.domain.account import Account
from services.customers.domain.customer import Customer
from services.customers.storage import customers
from shared.database.engine import Transaction


async def find_registered(connection: Transaction, customer_id: str) -> Customer:
    """A customer, unlocked.

    Raises
    ------
    Missing
        Nobody has this id.
    Gone
        The customer was erased.
    """
    found = await customers.find_customer(connection, customer_id)
    return Account(customer_id, customer=found[0] if found else None).owner
