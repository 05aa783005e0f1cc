"""Check a rule that someone wrote against the variables as they are declared now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.segmenter.domain.rules.parse import Language, parse_rule, stored_language
from services.segmenter.domain.rules.tree import Node
from services.segmenter.domain.rules.values import Bounds
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.revisions import load_settings
from shared.database.engine import Database, Transaction


@dataclass(frozen=True)
class CheckRule:
    """``currencies``: those of the deployment."""

    database: Database
    currencies: tuple[str, ...]

    async def of_segment(self, rule: Any) -> Node:
        """Read a segment's rule (pointers begin with ``/rule``).

        Raises
        ------
        BadInput
            Every node that is wrong is named.
        """
        async with self.database.transaction() as connection:
            return await self._read(connection, rule, "/rule", is_segment=True)

    async def stored(self, rules: Mapping[str, Any | None]) -> dict[str, Node | None]:
        """Read rules that were checked when they were written; None stays None."""
        async with self.database.transaction() as connection:
            language = stored_language(await load_catalogue(connection, await load_settings(connection)))
        return {name: parse_rule(rule, language, "/rule") if rule else None for name, rule in rules.items()}

    async def of_filter(self, connection: Transaction, rule: Any) -> Node:
        """Read a filter (``/where``), which may speak of aging as well."""
        return await self._read(connection, rule, "/where", is_segment=False)

    async def of_alert(self, connection: Transaction, rule: Any) -> Node:
        """Read an alert rule's ``/when``, which may speak of aging as well."""
        return await self._read(connection, rule, "/when", is_segment=False)

    async def _read(self, connection: Transaction, rule: Any, root: str, *, is_segment: bool) -> Node:
        variables = await load_catalogue(connection, await load_settings(connection))
        return parse_rule(rule, Language(variables, Bounds(self.currencies), is_segment), root)
