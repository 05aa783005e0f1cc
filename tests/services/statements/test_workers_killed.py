"""Many mails, a gateway that misbehaves, workers killed -9 in the middle of sending: nobody gets a second mail.

With keys honoured everything arrives in the end. Without, a mail in doubt is never repeated, and stays visible.
``make sends`` does the same with 10,000 customers (``CASCADA_SENDS=whole``).
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.mail.faults import Faults
from tests.services.statements.house import House, open_house
from tests.services.statements.mortal_worker import a_mortal_worker
from tests.services.statements.sending import say_nothing
from tests.services.statements.thursday_run import PERIOD, debtor, planned
from tests.support.eventually import eventually

WAYS = [
    Faults(),
    Faults(mode="accept_then_drop", rate=0.1),
    Faults(mode="fail_500", rate=0.1),
    Faults(mode="reject_429", rate=0.1, seconds=1),
    Faults(mode="delay", rate=0.1, seconds=0.2),
]
"""What the gateway does in the life of each worker."""


IS_WHOLE = os.environ.get("CASCADA_SENDS") == "whole"
CUSTOMERS = 10_000 if IS_WHOLE else 500


@pytest.fixture(params=[True, False], ids=["keys honoured", "keys not honoured"])
async def house(statements_database: str, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """Its run over everyone is planned."""
    async with open_house(statements_database, mail_gateway_honours_keys=request.param) as opened:
        say_nothing(opened)
        await planned(opened, *(debtor(f"c{number}") for number in range(CUSTOMERS)), attach_pdf=False)
        while await opened.steps().plan_runs():
            pass
        yield opened


@pytest.mark.timeout(7200 if IS_WHOLE else 300)
async def test_no_statement_is_mailed_twice_however_workers_die(house: House) -> None:
    dice = random.Random(7)
    for way in WAYS:
        house.catcher.faults = way
        await work_and_die(house, dice.randint(CUSTOMERS // 12, CUSTOMERS // 8))
        await house.skip_pauses()
    house.catcher.faults = Faults()
    for _ in range(3):
        await house.work()
        await house.skip_pauses()

    arrived = house.catcher.inbox.newest(2 * CUSTOMERS)
    mails = Counter((mail.delivery_id, mail.to) for mail in arrived)
    run = await house.run_of("r", PERIOD)
    counts = dict(run["counts"])
    states = await state_of_each(house, run)
    print(f"{dict(house.catcher.counts)} at the gateway; in the ledger {counts}")
    assert max(mails.values()) == 1
    assert counts.pop("audience") == sum(counts.values()) == len(states) == CUSTOMERS
    assert {owner for owner, state in states.items() if state == "accepted"} <= {
        to_whom(mail) for mail in house.catcher.inbox.newest(2 * CUSTOMERS)
    }
    if house.parts.settings.mail_gateway_honours_keys:
        assert counts["accepted"] == len(mails) == CUSTOMERS
    else:
        assert house.catcher.counts["repeated"] == 0
        assert counts["accepted"] + counts["unknown"] == CUSTOMERS
        assert counts["unknown"] >= house.catcher.counts["dropped"] > 0


async def work_and_die(house: House, mails: int) -> None:
    """A worker lives until the gateway has so many mails more, and dies with calls under way."""
    enough = house.catcher.counts["accepted"] + mails
    async with a_mortal_worker(house):
        await eventually(lambda: house.catcher.counts["accepted"] >= enough, within=600 if IS_WHOLE else 60)


async def state_of_each(house: House, run: dict[str, Any]) -> dict[str, str]:
    """What the ledger says of everyone's statement, read page by page."""
    found: dict[str, str] = {}
    page: dict[str, Any] = {"next_cursor": ""}
    while page["next_cursor"] is not None:
        after = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        page = await house.get(f"/runs/{run['run_id']}/deliveries", limit=500, **after)
        found |= {one["customer_id"]: one["state"] for one in page["items"]}
    return found


def to_whom(mail: Any) -> str:
    return str(mail.to[0]).partition("@")[0]
