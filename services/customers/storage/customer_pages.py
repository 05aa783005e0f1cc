"""Pages of customers by name, address, document or archive, each through an index of its own.

The planner takes every beginning of a word to be common and would walk all customers in order of id in search of a
rare one. So names are sought twice: among the next customers in order of id, where a common one fills the page, and
only then by the index of names. Where few can match, the sort key keeps the planner from walking at all.
"""

from dataclasses import dataclass

from sqlalchemy import text

from services.customers.domain.customer import Customer, plain
from services.customers.storage.customers import COLUMNS, customer_of
from services.customers.storage.name_search import name_query
from shared.database.engine import Transaction

_NAMED = "name_search @@ CAST(:name AS tsquery)"
_ADDRESSED = "addresses @> jsonb_build_array(CAST(:email AS text))"
_DOCUMENTED = "customer_id IN (SELECT customer_id FROM documents WHERE number = :document)"
_ARCHIVED = "archived = :archived"
_LISTED = "customer_id > :after AND erased_on IS NULL"
_NEXT = f"(SELECT * FROM customers WHERE {_LISTED} ORDER BY customer_id LIMIT 2000) AS next_customers"
_BY_INDEX = "customer_id || ''"


@dataclass(frozen=True)
class Wanted:
    """Which customers: by the beginnings of words of the name, an e-mail address, a document's number, the archive.

    Who was erased is in no list.
    """

    name: str | None = None
    email: str | None = None
    document: str | None = None
    archived: bool | None = None


async def page_of_customers(connection: Transaction, wanted: Wanted, after: str, limit: int) -> list[Customer]:
    """Customers that match all of ``wanted``, in order of id."""
    values: dict[str, object] = {"after": after, "limit": limit}
    conditions = [_LISTED]
    for condition, name, value in _asked(wanted):
        conditions.append(condition)
        values[name] = value
    if wanted.email is not None or wanted.document is not None:
        return await _read(connection, "customers", conditions, _BY_INDEX, values)
    if wanted.name is None:
        return await _read(connection, "customers", conditions, "customer_id", values)
    near = await _read(connection, _NEXT, conditions, "customer_id", values)
    return near if len(near) == limit else await _read(connection, "customers", conditions, _BY_INDEX, values)


def _asked(wanted: Wanted) -> list[tuple[str, str, object]]:
    parts: list[tuple[str, str, object]] = [
        (_NAMED, "name", None if wanted.name is None else name_query(wanted.name)),
        (_ADDRESSED, "email", None if wanted.email is None else wanted.email.strip().lower()),
        (_DOCUMENTED, "document", None if wanted.document is None else plain(wanted.document)),
        (_ARCHIVED, "archived", wanted.archived),
    ]
    return [part for part in parts if part[2] is not None]


async def _read(
    connection: Transaction, source: str, conditions: list[str], order: str, values: dict[str, object]
) -> list[Customer]:
    where = " AND ".join(conditions)
    query = f"SELECT {COLUMNS} FROM {source} WHERE {where} ORDER BY {order} LIMIT :limit"
    return [customer_of(row) for row in await connection.execute(text(query), values)]
