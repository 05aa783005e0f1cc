"""A past day is answered from the facts of that day, whatever came later and in whatever order it was received."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.past import as_it_was, past_book
from services.segmenter.storage.standings import load_values
from shared.basics.money import Money
from shared.database.engine import Database
from tests.oracle.ledger import replay
from tests.oracle.variables import all_variables, at
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.test_oracle_agrees import SETTINGS as OTHERS
from tests.services.segmenter.test_oracle_agrees import TOLD as TOLD_OTHERS
from tests.services.segmenter.verdicts import DECLARED, declare_variables, told

TODAY = date(2026, 3, 9)
SETTINGS = replace(OTHERS, risk=replace(OTHERS.risk, grace_days=0))
TOLD = replace(TOLD_OTHERS, risk=replace(TOLD_OTHERS.risk, grace_days=0))
ACCOUNTS = portfolio(Random(1848), TODAY, size=60)


@pytest.fixture(scope="module")
async def segmenter(module_database: Database) -> Listener:
    found = Listener(module_database, SetClock(TODAY))
    await declare_variables(found)
    await told(found, *ACCOUNTS)
    return found


@pytest.mark.parametrize("days_ago", [0, 1, 6, 30, 61, 90, 200, 370])
async def test_every_variable_as_of_a_past_day(segmenter: Listener, days_ago: int) -> None:
    as_of = TODAY - timedelta(days=days_ago)
    for account in ACCOUNTS:
        name = account.customer.customer_id
        expected = {**dict.fromkeys(DECLARED), **all_variables(at(account, as_of, TOLD))}
        assert await values_on(segmenter, name, as_of) == {key: _as_found(v) for key, v in expected.items()}, name


@pytest.mark.parametrize("days_ago", [1, 61, 200])
async def test_the_books_of_a_past_day(segmenter: Listener, days_ago: int) -> None:
    as_of = TODAY - timedelta(days=days_ago)
    for account in ACCOUNTS:
        async with segmenter.database.transaction() as connection:
            book = await past_book(connection, account.customer.customer_id, as_of)
        ledger = replay(account.facts, as_of)
        assert {name: debt.balance for name, debt in book.debts.items()} == ledger.balances
        settled = {name: debt.settled_on for name, debt in book.debts.items() if debt.settled_on}
        assert settled == ledger.settled_on


async def values_on(segmenter: Listener, customer_id: str, as_of: date) -> Mapping[str, Any]:
    async with segmenter.database.transaction() as connection:
        variables = await load_catalogue(connection, SETTINGS)
        past = await as_it_was(connection, customer_id, as_of)
        return await load_values(connection, customer_id, variables, SETTINGS, as_of, past=past)


def _as_found(value: Any) -> Any:
    return Money(*value) if isinstance(value, tuple) else value
