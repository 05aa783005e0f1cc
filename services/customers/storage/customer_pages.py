"""Pages of customers by name, address, document or archive, each through an index of its own."""

from dataclasses import dataclass

from sqlalchemy import text

from services.customers.domain.customer import Customer, plain
from services.customers.storage.customers import COLUMNS, customer_of
from services.customers.storage.name_search import name_query
from shared.database.engine import Transaction

_NAMED = "name_search @@ CAST(:name AS tsquery)"
_ADDRESSED = "addresses @> jsonb_build_array(CAST(:email AS text))"
_DOCUMENTED = "customer_id IN (SELECT customer_id FROM documents WHERE number = :document)"


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
    conditions = ["customer_id > :after", "erased_on IS NULL"]
    values: dict[str, object] = {"after": after, "limit": limit}
    if wanted.name is not None:
        conditions.append(_NAMED)
        values["name"] = name_query(wanted.name)
    if wanted.email is not None:
        conditions.append(_ADDRESSED)
        values["email"] = wanted.email.strip().lower()
    if wanted.document is not None:
        conditions.append(_DOCUMENTED)
        values["document"] = plain(wanted.document)
    if wanted.archived is not None:
        conditions.append("archived = :archived")
        values["archived"] = wanted.archived
    where = " AND ".join(conditions)
    query = f"SELECT {COLUMNS} FROM customers WHERE {where} ORDER BY customer_id LIMIT :limit"
    return [customer_of(row) for row in await connection.execute(text(query), values)]
