"""Rows of ``variables``: the declarations."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, text

from services.customers.domain.variable import Title, Variable
from shared.database.engine import Transaction

_COLUMNS = "key, type, title_es, title_en, description, choices, sequence"
_LOCK = text(f"SELECT {_COLUMNS} FROM variables WHERE key = :key FOR UPDATE")
_SHARED = text(f"SELECT {_COLUMNS} FROM variables WHERE key = ANY(:keys) ORDER BY key FOR SHARE")
_ONE = text(f"SELECT {_COLUMNS} FROM variables WHERE key = :key")
_PAGE = text(f"SELECT {_COLUMNS} FROM variables WHERE key > :after ORDER BY key LIMIT :limit")
_ALL = text(f"SELECT {_COLUMNS} FROM variables ORDER BY key")
_IN_USE = text("SELECT EXISTS (SELECT 1 FROM customers WHERE variables @> CAST(:loaded AS jsonb))")
_INSERT = text(
    """
    INSERT INTO variables (key, type, title_es, title_en, description, choices, sequence)
    VALUES (:key, :type, :title_es, :title_en, :description, :choices, 1)
    """
)
_UPDATE = text(
    """
    UPDATE variables SET type = :type, title_es = :title_es, title_en = :title_en, description = :description,
        choices = :choices, sequence = sequence + 1
    WHERE key = :key
    """
)


def _variable_of(row: Row[Any]) -> Variable:
    return Variable(
        key=row.key,
        type=row.type,
        title=Title(row.title_es, row.title_en),
        description=row.description,
        choices=None if row.choices is None else tuple(row.choices),
    )


async def lock_variable(connection: Transaction, key: str) -> tuple[Variable, int] | None:
    """A declaration with its sequence, locked till the transaction ends."""
    row = (await connection.execute(_LOCK, {"key": key})).one_or_none()
    return None if row is None else (_variable_of(row), row.sequence)


async def declared(connection: Transaction, keys: Collection[str]) -> Mapping[str, Variable]:
    """Those of the variables that are declared; they cannot change till the transaction ends."""
    if not keys:
        return {}
    rows = await connection.execute(_SHARED, {"keys": sorted(keys)})
    return {row.key: _variable_of(row) for row in rows}


async def find_variable(connection: Transaction, key: str) -> Variable | None:
    """A declaration, unlocked."""
    row = (await connection.execute(_ONE, {"key": key})).one_or_none()
    return None if row is None else _variable_of(row)


async def page_of_variables(connection: Transaction, after: str, limit: int) -> list[Variable]:
    """Declarations in order of key."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return [_variable_of(row) for row in rows]


async def all_variables(connection: Transaction) -> list[tuple[Variable, int]]:
    """Every declaration with its sequence, in order of key."""
    return [(_variable_of(row), row.sequence) for row in await connection.execute(_ALL)]


async def is_loaded(connection: Transaction, loaded: str) -> bool:
    """Whether any customer has this value: ``loaded`` is a JSON object of variable and value."""
    return bool((await connection.execute(_IN_USE, {"loaded": loaded})).scalar_one())


async def enter_variable(connection: Transaction, variable: Variable) -> None:
    """Store the first declaration of a variable; that somebody else was first is an error, and worth a retry."""
    await connection.execute(_INSERT, _row(variable))


async def change_variable(connection: Transaction, variable: Variable) -> None:
    """Store a changed declaration, whose row is locked, as the next of its sequence."""
    await connection.execute(_UPDATE, _row(variable))


def _row(variable: Variable) -> dict[str, Any]:
    return {
        "key": variable.key,
        "type": variable.type,
        "title_es": variable.title.es,
        "title_en": variable.title.en,
        "description": variable.description,
        "choices": None if variable.choices is None else list(variable.choices),
    }
