"""Declare a custom variable, or change its words and choices; its type never changes."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from services.customers.domain.variable import Variable, check_declaration, removed_choices
from services.customers.outbound.events import declaration_event
from services.customers.storage import variables
from shared.basics.errors import Conflict
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database, Transaction, retrying
from shared.database.instance import load_epoch
from shared.messaging import outbox
from shared.runtime.clock import Clock

Condition = Callable[[Variable | None], None]
"""Raises when the declaration that is there already is not the one the caller expects."""


@dataclass(frozen=True)
class Declared:
    """What became of a declaration: ``is_new`` or ``is_changed``, or neither for a repeat."""

    is_new: bool
    is_changed: bool


@dataclass(frozen=True)
class DeclareVariable:
    """``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    wake: Callable[[], None]

    async def __call__(self, asked: Variable, condition: Condition | None = None, *, by: str) -> Declared:
        """Declare, on behalf of ``by``.

        Raises
        ------
        BadInput
            The key is reserved, or choices are missing or out of place.
        Conflict
            The type differs from the stored one, or a choice that customers have would go.
        """
        declared = await retrying(lambda: self._declare(asked, condition, by))
        if declared.is_changed:
            self.wake()
        return declared

    async def _declare(self, asked: Variable, condition: Condition | None, by: str) -> Declared:
        now = self.clock.now()
        async with self.database.transaction() as connection:
            found = await variables.lock_variable(connection, asked.key)
            stored, sequence = found or (None, 0)
            if condition is not None:
                condition(stored)
            if stored == asked:
                return Declared(is_new=False, is_changed=False)
            check_declaration(stored, asked)
            if stored is None:
                await variables.enter_variable(connection, asked)
            else:
                await _refuse_losing_choices(connection, stored, asked)
                await variables.change_variable(connection, asked)
            event = declaration_event(asked, sequence + 1, epoch=await load_epoch(connection), at=now)
            await outbox.put(connection, [event])
            await changes.record(connection, [Change(f"variables/{asked.key}", stored, asked)], by=by, at=now)
        return Declared(is_new=stored is None, is_changed=True)


async def _refuse_losing_choices(connection: Transaction, stored: Variable, asked: Variable) -> None:
    for choice in removed_choices(stored, asked):
        if await variables.is_loaded(connection, msgspec.json.encode({asked.key: choice}).decode()):
            raise Conflict("choice_in_use", f"customers have {choice} as their {asked.key}; it cannot be removed")
