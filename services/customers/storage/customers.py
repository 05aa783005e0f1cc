"""Rows of ``customers`` and ``documents``."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.customer import Customer, Document, Particulars, plain
from services.customers.domain.variable_values import Value
from services.customers.storage.bulk import insert, update
from services.customers.storage.name_search import name_words
from shared.database.engine import Transaction
from shared.database.writing import Write

COLUMNS = """
    customer_id, seq, type, name, currency, registered_on, email, CAST(emails AS text) AS emails, phone, document_type,
    document_number, document_country, language, time_zone, country, portfolio, client_type,
    CAST(risk_score AS text) AS risk_score, do_not_contact_until, CAST(variables AS text) AS variables,
    archived, erased_on
"""
_COLUMNS = {
    "customer_id": "text",
    "seq": "bigint",
    "type": "text",
    "name": "text",
    "name_words": "text",
    "currency": "text",
    "registered_on": "date",
    "email": "text",
    "emails": "jsonb",
    "addresses": "jsonb",
    "phone": "text",
    "document_type": "text",
    "document_number": "text",
    "document_country": "text",
    "language": "text",
    "time_zone": "text",
    "country": "text",
    "portfolio": "text",
    "client_type": "text",
    "risk_score": "jsonb",
    "do_not_contact_until": "date",
    "variables": "jsonb",
    "archived": "boolean",
}
_COUNTED = {"customer_id": "text", "seq": "bigint"}
_HELD = {"document_key": "text", "number": "text", "customer_id": "text"}
_LOCK = text(
    f"""
    SELECT instance.epoch, locked.* FROM instance LEFT JOIN (
        SELECT {COLUMNS} FROM customers WHERE customer_id = ANY(:ids) ORDER BY customer_id FOR UPDATE
    ) AS locked ON true
    """
)
_ONE = text(f"SELECT {COLUMNS} FROM customers WHERE customer_id = :customer_id")
_NAMED = text(f"SELECT {COLUMNS} FROM customers WHERE customer_id = ANY(:ids) ORDER BY customer_id")
_SOME = text("SELECT customer_id FROM customers ORDER BY random() LIMIT :number")
_AFTER = text(f"SELECT {COLUMNS} FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")
_INSERT = insert("customers", _COLUMNS)
_UPDATE = update("customers", _COLUMNS, key=["customer_id"], name="changed_customers")
_COUNT = update("customers", _COUNTED, key=["customer_id"], name="counted")
_COUNT_NEXT = text(
    """
    UPDATE customers
    SET seq = CASE WHEN seq = CAST(:next_seq AS bigint) - 1 THEN CAST(:next_seq AS bigint) ELSE another_was_first() END
    WHERE customer_id = :counted_customer
    """
)
_OWNERS = text("SELECT document_key, customer_id FROM documents WHERE number = ANY(:numbers)")
_DROP_DOCUMENTS = text("DELETE FROM documents WHERE customer_id = ANY(:ids)")
_HOLD_DOCUMENTS = insert("documents", _HELD)
_emails = msgspec.json.Decoder(tuple[str, ...])
_risk_score: msgspec.json.Decoder[int | float] = msgspec.json.Decoder(int | float)
_variables = msgspec.json.Decoder(dict[str, Value])


def customer_of(row: Row[Any]) -> Customer:
    """A row with ``COLUMNS`` as the fact it holds."""
    document = Document(row.document_type, row.document_number, row.document_country) if row.document_type else None
    return Customer(
        customer_id=row.customer_id,
        particulars=Particulars(
            type=row.type,
            name=row.name,
            email=row.email,
            emails=_emails.decode(row.emails),
            phone=row.phone,
            document=document,
            language=row.language,
            time_zone=row.time_zone,
            country=row.country,
            portfolio=row.portfolio,
            client_type=row.client_type,
            risk_score=None if row.risk_score is None else _risk_score.decode(row.risk_score),
            do_not_contact_until=row.do_not_contact_until,
        ),
        currency=row.currency,
        registered_on=row.registered_on,
        variables=_variables.decode(row.variables),
        archived=row.archived,
        erased_on=row.erased_on,
    )


async def lock_customers(connection: Transaction, ids: Collection[str]) -> tuple[int, list[tuple[Customer, int]]]:
    """The epoch, which every event carries, and those of the customers that exist, each with its ``seq``.

    Their rows are locked in order of id.
    """
    rows = list(await connection.execute(_LOCK, {"ids": sorted(ids)}))
    return rows[0].epoch, [(customer_of(row), row.seq) for row in rows if row.customer_id is not None]


async def find_customer(connection: Transaction, customer_id: str) -> tuple[Customer, int] | None:
    """A customer with its ``seq``, unlocked."""
    row = (await connection.execute(_ONE, {"customer_id": customer_id})).one_or_none()
    return None if row is None else (customer_of(row), row.seq)


async def customers_after(connection: Transaction, after: str, limit: int) -> list[tuple[Customer, int]]:
    """Customers in order of id, each with its ``seq``, unlocked."""
    rows = await connection.execute(_AFTER, {"after": after, "limit": limit})
    return [(customer_of(row), row.seq) for row in rows]


async def named_customers(connection: Transaction, ids: Collection[str]) -> list[tuple[Customer, int]]:
    """Those of the customers that exist, each with its ``seq``, unlocked."""
    rows = await connection.execute(_NAMED, {"ids": sorted(ids)})
    return [(customer_of(row), row.seq) for row in rows]


async def some_customers(connection: Transaction, number: int) -> list[str]:
    """So many customers picked at random."""
    return list((await connection.execute(_SOME, {"number": number})).scalars())


async def document_owners(connection: Transaction, numbers: Collection[str]) -> dict[str, str]:
    """Whose each document with one of these numbers is, by key, of those that are somebody's."""
    rows = await connection.execute(_OWNERS, {"numbers": sorted(numbers)})
    return {row.document_key: row.customer_id for row in rows}


def enter_customers(customers: Sequence[Customer], seqs: Mapping[str, int]) -> list[Write]:
    """Store new customers; that somebody else was first is an error, and worth a retry."""
    return _INSERT.of(_rows(customers, seqs))


def change_customers(customers: Sequence[Customer], seqs: Mapping[str, int]) -> list[Write]:
    """Store changed customers, whose rows are locked."""
    return _UPDATE.of(_rows(customers, seqs))


async def drop_documents(connection: Transaction, customers: Sequence[Customer]) -> None:
    """Let changed customers go of the documents they had, before anybody takes them up."""
    if customers:
        await connection.execute(_DROP_DOCUMENTS, {"ids": [customer.customer_id for customer in customers]})


def hold_documents(customers: Sequence[Customer], home: str | None) -> list[Write]:
    """Store whose the documents of new and changed customers are, once all of them let go of their old ones."""
    return _HOLD_DOCUMENTS.of(
        sorted(
            (document.key(home), plain(document.number), customer.customer_id)
            for customer in customers
            if (document := customer.particulars.document) is not None
        )
    )


def count_events(seqs: Mapping[str, int]) -> list[Write]:
    """Store how far the sequence of each customer has come."""
    return _COUNT.of(sorted(seqs.items()))


def count_next_event(customer_id: str, seq: int) -> Write:
    """Store how far an unlocked customer has come, if its last event was the one before; else it is a lost race."""
    return Write(_COUNT_NEXT, {"counted_customer": customer_id, "next_seq": seq})


def _rows(customers: Sequence[Customer], seqs: Mapping[str, int]) -> list[tuple[Any, ...]]:
    ordered = sorted(customers, key=lambda customer: customer.customer_id)
    return [_row(customer, seqs[customer.customer_id]) for customer in ordered]


def _row(customer: Customer, seq: int) -> tuple[Any, ...]:
    said = customer.particulars
    document = said.document
    addresses = [address.strip().lower() for address in (said.email, *said.emails) if address]
    return (
        customer.customer_id,
        seq,
        said.type,
        said.name,
        name_words(said.name),
        customer.currency,
        customer.registered_on,
        said.email,
        _json(said.emails),
        _json(addresses),
        said.phone,
        document and document.type,
        document and document.number,
        document and document.country,
        said.language,
        said.time_zone,
        said.country,
        said.portfolio,
        said.client_type,
        None if said.risk_score is None else _json(said.risk_score),
        said.do_not_contact_until,
        _json(customer.variables),
        customer.archived,
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
