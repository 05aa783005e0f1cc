"""What the segmenter's SQL says of customers: the verdict of a rule, and the value of a variable."""

from typing import Any

from sqlalchemy import text

from services.segmenter.domain.facts import Declaration
from services.segmenter.domain.rules.parse import Language, parse_rule
from services.segmenter.domain.rules.values import Bounds
from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.declared import declare
from services.segmenter.storage.rule_sql import rule_sql
from services.segmenter.storage.standings import load_values
from shared.messaging.batch import Event
from tests.oracle.facts import Account
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.sender import contact, everything

DEFAULTS = Settings()
DECLARED = {
    "ciudad": "text",
    "estrato": "number",
    "cupo": "money",
    "contrato": "date",
    "vip": "boolean",
    "canal": "choice",
}


async def declare_variables(segmenter: Listener) -> None:
    """One custom variable of each type."""
    async with segmenter.database.transaction() as connection:
        await declare(connection, [_declaration(key, kind) for key, kind in DECLARED.items()])


def _declaration(key: str, kind: str) -> Declaration:
    choices = ("correo", "llamada") if kind == "choice" else None
    return Declaration(key, kind, {"es": key, "en": None}, None, choices, epoch=1, sequence=1)


async def told(segmenter: Listener, *accounts: Account) -> None:
    """The segmenter hears everything about these customers, in one batch."""
    heard: list[Event] = []
    for account in accounts:
        _, events = everything(account)
        name, addresses = account.customer.customer_id, sorted(account.customer.unreachable)
        heard += [contact(name, "bounced", address, n) for n, address in enumerate(addresses, start=1)]
        heard += events
    await segmenter.hears(*heard)


async def verdicts(segmenter: Listener, rule: dict[str, Any], settings: Settings = DEFAULTS) -> dict[str, bool | None]:
    """The verdict on every customer: true, false, or None for unknown."""
    binds = Binds()
    async with segmenter.database.transaction() as connection:
        variables = await load_catalogue(connection, settings)
        node = parse_rule(rule, Language(variables, Bounds(("COP", "USD")), is_segment=False), "/where")
        query = f"SELECT c.customer_id, {rule_sql(node, settings, binds)} AS verdict"
        joined = "FROM customers c JOIN behaviour b USING (customer_id)"
        rows = await connection.execute(text(f"{query} {joined}"), {**binds.params, "as_of": segmenter.clock.today()})
        return {row.customer_id: row.verdict for row in rows}


async def values(segmenter: Listener, customer_id: str, settings: Settings = DEFAULTS) -> dict[str, Any]:
    """Every variable of a customer."""
    async with segmenter.database.transaction() as connection:
        variables = await load_catalogue(connection, settings)
        return await load_values(connection, customer_id, variables, settings, segmenter.clock.today())
