"""A count that takes long is kept a while, one that is quick is not."""

from itertools import chain, repeat

import pytest

from services.segmenter.usecases.recent_count import RecentCount
from tests.oracle.accounts import account
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.verdicts import told


def a_count(segmenter: Listener, *moments: float) -> RecentCount:
    """Its timer says these seconds one after another: before and after a count, and whenever it is asked for one."""
    ticks = chain(moments, repeat(moments[-1]))
    return RecentCount(segmenter.database, segmenter.clock, lambda: next(ticks))


async def _grows(segmenter: Listener, counts: RecentCount, revision: int = 1) -> tuple[int, int]:
    """What is told of Default before and after a customer comes."""
    before = (await counts.of(1)).of["default"].customers
    await told(segmenter, account(customer_id="sol"))
    return before, (await counts.of(revision)).of["default"].customers


async def test_a_quick_count_is_made_anew(segmenter: Listener) -> None:
    await told(segmenter, account(customer_id="ana"))
    assert await _grows(segmenter, a_count(segmenter, 0, 0.1, 0.1)) == (1, 2)


@pytest.mark.parametrize(("later", "grown"), [(4.1, 1), (4.5, 2)])
async def test_a_slow_one_is_kept_ten_times_as_long_as_it_took(segmenter: Listener, later: float, grown: int) -> None:
    await told(segmenter, account(customer_id="ana"))
    assert await _grows(segmenter, a_count(segmenter, 0, 0.4, later)) == (1, grown)


@pytest.mark.parametrize(("later", "grown"), [(24.9, 1), (25, 2)])
async def test_but_never_beyond_five_seconds(segmenter: Listener, later: float, grown: int) -> None:
    await told(segmenter, account(customer_id="ana"))
    assert await _grows(segmenter, a_count(segmenter, 0, 20, later)) == (1, grown)


async def test_another_revision_is_counted_at_once(segmenter: Listener) -> None:
    await told(segmenter, account(customer_id="ana"))
    assert await _grows(segmenter, a_count(segmenter, 0, 20, 20), revision=2) == (1, 2)
