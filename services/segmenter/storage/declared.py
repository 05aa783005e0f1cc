"""Custom variables as declared: what text in ``customers.variables`` may be read as."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.facts import Declaration

_DECLARE = text(
    """
    INSERT INTO declared_variables AS v (key, type, title, description, choices, epoch, sequence)
    VALUES (:key, :type, CAST(:title AS jsonb), :description, CAST(:choices AS text[]), :epoch, :sequence)
    ON CONFLICT (key) DO UPDATE SET type = excluded.type, title = excluded.title, description = excluded.description,
        choices = excluded.choices, epoch = excluded.epoch, sequence = excluded.sequence
    WHERE (v.epoch, v.sequence) < (excluded.epoch, excluded.sequence)
    """
)
_LOAD = text("SELECT key, type, title, description, choices, epoch, sequence FROM declared_variables ORDER BY key")


async def declare(connection: AsyncConnection, declarations: Sequence[Declaration]) -> None:
    """Keep declarations; of each variable the latest is kept."""
    for declaration in sorted(declarations, key=lambda found: found.key):
        await connection.execute(_DECLARE, _row(declaration))


async def load_declared(connection: AsyncConnection) -> dict[str, Declaration]:
    """Every custom variable, by its key."""
    return {row.key: Declaration(*row) for row in await connection.execute(_LOAD)}


def _row(declaration: Declaration) -> dict[str, Any]:
    return {
        "key": declaration.key,
        "type": declaration.type,
        "title": json.dumps(dict(declaration.title)),
        "description": declaration.description,
        "choices": None if declaration.choices is None else list(declaration.choices),
        "epoch": declaration.epoch,
        "sequence": declaration.sequence,
    }
