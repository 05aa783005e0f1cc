"""Rows of ``customers`` and ``documents``."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.customer import Customer, Document, Particulars, plain
from services.customers.domain.variable_values import Value
from services.customers.storage.columns import columns
from services.customers.storage.name_search import name_words
from shared.database.engine import Transaction

COLUMNS = """
    customer_id, seq, type, name, currency, registered_on, email, CAST(emails AS text) AS emails, phone, document_type,
    document_number, document_country, language, time_zone, country, portfolio, client_type,
    CAST(risk_score AS text) AS risk_score, do_not_contact_until, CAST(variables AS text) AS variables
"""
_NAMES = """
    customer_id seq type name name_words currency registered_on email emails addresses phone document_type
    document_number document_country language time_zone country portfolio client_type risk_score do_not_contact_until
    variables
"""
_LOCK = text(f"SELECT {COLUMNS} FROM customers WHERE customer_id = ANY(:ids) ORDER BY customer_id FOR UPDATE")
_ONE = text(f"SELECT {COLUMNS} FROM customers WHERE customer_id = :customer_id")
_PUT = text(
    """
    INSERT INTO customers (
        customer_id, seq, type, name, name_words, currency, registered_on, email, emails, addresses, phone,
        document_type, document_number, document_country, language, time_zone, country, portfolio, client_type,
        risk_score, do_not_contact_until, variables)
    SELECT customer_id, seq, type, name, name_words, currency, registered_on, email, CAST(emails AS jsonb),
        CAST(addresses AS jsonb), phone, document_type, document_number, document_country, language, time_zone,
        country, portfolio, client_type, CAST(risk_score AS jsonb), do_not_contact_until, CAST(variables AS jsonb)
    FROM unnest(
        CAST(:customer_id AS text[]), CAST(:seq AS bigint[]), CAST(:type AS text[]), CAST(:name AS text[]),
        CAST(:name_words AS text[]), CAST(:currency AS text[]), CAST(:registered_on AS date[]),
        CAST(:email AS text[]), CAST(:emails AS text[]), CAST(:addresses AS text[]), CAST(:phone AS text[]),
        CAST(:document_type AS text[]), CAST(:document_number AS text[]), CAST(:document_country AS text[]),
        CAST(:language AS text[]), CAST(:time_zone AS text[]), CAST(:country AS text[]), CAST(:portfolio AS text[]),
        CAST(:client_type AS text[]), CAST(:risk_score AS text[]), CAST(:do_not_contact_until AS date[]),
        CAST(:variables AS text[]))
        AS asked (customer_id, seq, type, name, name_words, currency, registered_on, email, emails, addresses, phone,
            document_type, document_number, document_country, language, time_zone, country, portfolio, client_type,
            risk_score, do_not_contact_until, variables)
    ON CONFLICT (customer_id) DO UPDATE SET
        seq = excluded.seq, type = excluded.type, name = excluded.name, name_words = excluded.name_words,
        currency = excluded.currency, registered_on = excluded.registered_on, email = excluded.email,
        emails = excluded.emails, addresses = excluded.addresses, phone = excluded.phone,
        document_type = excluded.document_type, document_number = excluded.document_number,
        document_country = excluded.document_country, language = excluded.language, time_zone = excluded.time_zone,
        country = excluded.country, portfolio = excluded.portfolio, client_type = excluded.client_type,
        risk_score = excluded.risk_score, do_not_contact_until = excluded.do_not_contact_until,
        variables = excluded.variables
    """
)
_COUNT = text(
    """
    UPDATE customers SET seq = counted.seq
    FROM unnest(CAST(:customer_id AS text[]), CAST(:seq AS bigint[])) AS counted (customer_id, seq)
    WHERE customers.customer_id = counted.customer_id
    """
)
_OWNERS = text("SELECT document_key, customer_id FROM documents WHERE document_key = ANY(:keys)")
_DROP_DOCUMENTS = text("DELETE FROM documents WHERE customer_id = ANY(:ids)")
_PUT_DOCUMENTS = text(
    """
    INSERT INTO documents (document_key, number, customer_id)
    SELECT * FROM unnest(CAST(:document_key AS text[]), CAST(:number AS text[]), CAST(:customer_id AS text[]))
    """
)


def customer_of(row: Row[Any]) -> Customer:
    """A row with ``COLUMNS`` as the fact it holds."""
    document = Document(row.document_type, row.document_number, row.document_country) if row.document_type else None
    return Customer(
        customer_id=row.customer_id,
        particulars=Particulars(
            type=row.type,
            name=row.name,
            email=row.email,
            emails=msgspec.json.decode(row.emails, type=tuple[str, ...]),
            phone=row.phone,
            document=document,
            language=row.language,
            time_zone=row.time_zone,
            country=row.country,
            portfolio=row.portfolio,
            client_type=row.client_type,
            risk_score=None if row.risk_score is None else msgspec.json.decode(row.risk_score, type=int | float),
            do_not_contact_until=row.do_not_contact_until,
        ),
        currency=row.currency,
        registered_on=row.registered_on,
        variables=msgspec.json.decode(row.variables, type=dict[str, Value]),
    )


async def lock_customers(connection: Transaction, ids: Collection[str]) -> list[tuple[Customer, int]]:
    """Those of the customers that exist, each with its ``seq``, their rows locked in order of id."""
    rows = await connection.execute(_LOCK, {"ids": sorted(ids)})
    return [(customer_of(row), row.seq) for row in rows]


async def find_customer(connection: Transaction, customer_id: str) -> tuple[Customer, int] | None:
    """A customer with its ``seq``, unlocked."""
    row = (await connection.execute(_ONE, {"customer_id": customer_id})).one_or_none()
    return None if row is None else (customer_of(row), row.seq)


async def document_owners(connection: Transaction, keys: Collection[str]) -> dict[str, str]:
    """Whose each of the documents is, of those that are somebody's."""
    rows = await connection.execute(_OWNERS, {"keys": sorted(keys)})
    return {row.document_key: row.customer_id for row in rows}


async def put_customers(connection: Transaction, customers: Sequence[Customer], seqs: Mapping[str, int]) -> None:
    """Enter new and changed customers together with their documents."""
    if not customers:
        return
    ordered = sorted(customers, key=lambda customer: customer.customer_id)
    rows = [_row(customer, seqs[customer.customer_id]) for customer in ordered]
    await connection.execute(_PUT, columns(_NAMES, rows))
    await _put_documents(connection, ordered)


async def _put_documents(connection: Transaction, customers: Sequence[Customer]) -> None:
    held = sorted(
        (document.key, plain(document.number), customer.customer_id)
        for customer in customers
        if (document := customer.particulars.document) is not None
    )
    await connection.execute(_DROP_DOCUMENTS, {"ids": [customer.customer_id for customer in customers]})
    if held:
        await connection.execute(_PUT_DOCUMENTS, columns("document_key number customer_id", held))


async def count_events(connection: Transaction, seqs: Mapping[str, int]) -> None:
    """Store how far the sequence of each customer has come."""
    if seqs:
        await connection.execute(_COUNT, columns("customer_id seq", sorted(seqs.items())))


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
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
