"""How this house speaks to PostgreSQL, whoever holds the connection: settings, numbers, and when it is away."""

from decimal import Decimal

import asyncpg

CONNECT_SECONDS = 5
COMMAND_SECONDS = 60
REFUSED = (
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.PostgresConnectionError,
    asyncpg.exceptions.AdminShutdownError,
)
"""The server is away, going away, or full."""
_SERVER_SETTINGS = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    # Our statements are long and touch few rows a call: compiling one takes longer than running it.
    "jit": "off",
}


def server_settings(name: str) -> dict[str, str]:
    """The session of a connection; PostgreSQL shows it by its name."""
    return {**_SERVER_SETTINGS, "application_name": name}


async def numerics_as_text(connection: asyncpg.Connection) -> None:
    """Send and read ``numeric`` in its decimal spelling: three times cheaper here than asyncpg's binary one."""
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=Decimal, format="text")
