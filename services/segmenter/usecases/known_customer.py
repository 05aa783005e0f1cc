"""The customer that a question is about: known and not erased, or the refusal that says which it is."""

from services.segmenter.storage.erasure import is_erased
from services.segmenter.storage.standings import Standing, find_standing
from shared.basics.errors import Gone, Missing
from shared.database.engine import Transaction


async def known_standing(connection: Transaction, customer_id: str) -> Standing:
    """Where a customer stands.

    Raises
    ------
    Missing
        The segmenter has not heard of the customer.
    Gone
        The customer was erased.
    """
    found = await find_standing(connection, customer_id)
    if found is None and await is_erased(connection, customer_id):
        raise Gone("erased", f"the customer {customer_id} was erased")
    if found is None:
        raise Missing("unknown_customer", f"the segmenter knows no customer {customer_id}")
    return found
