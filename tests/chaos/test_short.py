"""The fault run in short: one stack, each fault once, and one look at everything in the end.

The gateway honours no idempotency keys here, so that a mail in doubt must stay in doubt; in ``make chaos`` it does.
"""

from collections.abc import AsyncIterator

import pytest

from tests.chaos.chaos import Chaos
from tests.chaos.matrix import MATRIX
from tests.chaos.row import Row
from tests.chaos.run import a_loaded_stack, last_look, run_row

_CUSTOMERS, _A_SECOND = 80, 20.0
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
async def chaos(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Chaos]:
    """A loaded stack for all rows."""
    folder = tmp_path_factory.mktemp("chaos")
    async with a_loaded_stack(folder, customers=_CUSTOMERS, a_second=_A_SECOND, honours_keys=False) as running:
        yield running


@pytest.mark.parametrize("row", MATRIX, ids=[row.name for row in MATRIX])
async def test_the_fault_happens_and_the_system_lives(chaos: Chaos, row: Row) -> None:
    result = await run_row(chaos, row, row.short, look=False)
    await chaos.mail_faults("none")
    assert not result.failure


async def test_after_all_of_them_everything_is_as_if_nothing_had_happened(chaos: Chaos) -> None:
    seen = await last_look(chaos)
    assert seen.broken == {}
    assert seen.counts["writes accepted"] > 0
    assert seen.counts["of these, once in doubt and sent again"] + seen.counts["writes left unknown"] > 0
