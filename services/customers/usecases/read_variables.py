"""Read declarations of custom variables."""

from dataclasses import dataclass

from services.customers.domain.variable import Variable
from services.customers.storage import variables
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadVariables:
    """Reads without locking."""

    database: Database

    async def one(self, key: str) -> Variable:
        """A declaration.

        Raises
        ------
        Missing
            Nothing of this key is declared.
        """
        async with self.database.transaction() as connection:
            found = await variables.find_variable(connection, key)
        if found is None:
            raise Missing("unknown_variable", f"no variable {key} is declared")
        return found

    async def page(self, after: str, limit: int) -> list[Variable]:
        """Declarations in order of key, at most ``limit`` after the key ``after``."""
        async with self.database.transaction() as connection:
            return await variables.page_of_variables(connection, after, limit)
