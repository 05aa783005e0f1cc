"""Pages of customers: deep in a million against the first."""

from contextlib import ExitStack

import asyncpg

from shared.http.pages import encode_cursor
from tests.bench.callers import Call, call_all
from tests.bench.figures import Figure, Goal, compare, per_second
from tests.support.ground import Ground

_CUSTOMERS = 1_000_000
_CALLS = 200
_FILL = """
    INSERT INTO customers
        (customer_id, seq, type, name, name_words, currency, registered_on, emails, addresses, variables)
    SELECT 'c' || lpad(n::text, 7, '0'), 1, 'person', 'Ana ' || words.one, 'ana ' || words.one, 'COP', '2026-01-01',
        '[]', jsonb_build_array('a' || n || '@correo.co'), '{}'
    FROM generate_series(1, $1) AS n, LATERAL (SELECT 'apellido' || n % 1000 AS one) AS words
"""


async def measure(ground: Ground) -> list[Figure]:
    """Every customer, and those found by the beginning of a name: seconds a page."""
    url = await ground.databases.create("customers")
    connection = await asyncpg.connect(url)
    await connection.execute(_FILL.replace("$1", str(_CUSTOMERS)))
    await connection.execute("VACUUM ANALYZE customers")
    await connection.close()
    with ExitStack() as opened:
        opened.enter_context(ground.running_api("customers", {"CUSTOMERS_DATABASE_URL": url}))
        api, key = ground.url("customers"), ground.key

        async def seconds_a_page(query: str) -> float:
            calls = [Call("GET", f"/v1/customers?limit=50{query}")] * _CALLS
            return 1 / await per_second(_CALLS, call_all(api, key, calls, at_once=1))

        deep = f"&cursor={encode_cursor(f'c{_CUSTOMERS * 9 // 10:07}')}"
        return [
            await compare(
                f"page of 50 customers{what}, deep in 1 M against the first",
                "s/page",
                limit=lambda query=query: seconds_a_page(query),  # type: ignore[misc]
                product=lambda query=query: seconds_a_page(query + deep),  # type: ignore[misc]
                goal=Goal("<=", 3),
            )
            for what, query in (("", ""), (" by name", "&name=ana%20apellido7"))
        ]
