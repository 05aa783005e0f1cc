"""Real sets under the presets: everyone stands where plain Python puts them from the same rows, on every day asked.

Of every set a few hundred customers; ``make real-sets`` takes them all and writes ``docs/real-input.md``.
"""

import pytest

from tests.journeys.real_sets import DATA
from tests.services.segmenter.real_desk import open_desk
from tests.services.segmenter.real_lives import SETS, lines_of, live_through
from tests.support.fixtures import NewDatabase

EVERY = {"edgered-payments": 4, "ibm-ar": 1, "hosting-billing": 16, "uci-credit-default": 150, "traffic-fines": 600}
"""Of so many customers one."""


@pytest.mark.parametrize("folder", SETS)
async def test_everyone_stands_where_the_rows_say(new_database: NewDatabase, folder: str) -> None:
    if not (DATA / folder).exists():
        pytest.skip(f"the real set {folder} is not here")
    lines = lines_of(SETS[folder], EVERY[folder])
    urls = await new_database("customers"), await new_database("segmenter")
    async with open_desk(*urls, SETS[folder].currency) as desk:
        figures = await live_through(desk, SETS[folder], lines)
    assert figures.wrong == 0
    assert figures.customers >= 100
    assert any(len([n for n in found.values() if n]) > 2 for found in figures.counts.values())
