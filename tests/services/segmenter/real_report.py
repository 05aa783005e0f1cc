"""Live through every real set whole, and write what came of it to ``docs/real-input.md`` (``make real-sets``).

Sums and times alone: never a row, a name or an id of the sets.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journeys.real_sets import DATA
from tests.services.segmenter.real_desk import open_desk
from tests.services.segmenter.real_lives import LATER, SETS, Figures, RealSet, lines_of, live_through
from tests.support.databases import Databases
from tests.support.servers import running_postgres

REPORT = Path(__file__).parents[3] / "docs" / "real-input.md"
BUCKETS = ("current", "1-30", "31-60", "61-90", "91+")
RISKS = ("high", "medium", "low", "unknown")
_PAGE = """\
# Real input

Written by `make real-sets`, which lives through whole sets of real rows. The lines of the first half of the days are
loaded as history, the others taken as they come; all presets together are the cascade, then each by itself, then
{days} days pass with nothing. Lines go in by `POST /v1/batches`, customers' events are heard by the segmenter as they
go out (Kafka alone is left out), presets are published through the draft.

After each step the segment, aging bucket, risk level and both balances of **every** customer are compared with those
that plain Python (`tests/oracle`, no code of the product) works out from the same rows:
**{compared} comparisons, {wrong} differences.**

The sets say little of people: every third customer was given no e-mail address, the others one; where a file does not
say who is a person, every other customer is. Portfolios, products and client types are in none of the files, so presets
by them leave everyone in Default or in what is not set.

## What went in, and what stood at the end

{figures}

Lines that the contract cannot hold are refused by name: amounts below 0, payments of 0, invoices without a date.

## Customers by segment, each preset by itself

{counts}

## Seconds

On 2 cores that others shared while it ran, with the client, both services in one process and PostgreSQL (not flushing)
on them: orders of magnitude. Refreshes are nine a set; `docs/performance.md` has the measurements.

{seconds}
"""


async def lived(databases: Databases, real_set: RealSet) -> Figures:
    """A set over databases of its own, which are dropped in the end."""
    lines = lines_of(real_set, 1)
    urls = await databases.create("customers"), await databases.create("segmenter")
    async with open_desk(*urls, real_set.currency) as desk:
        figures = await live_through(desk, real_set, lines)
    for url in urls:
        await databases.drop(url)
    return figures


async def everything(server: str) -> list[Figures]:
    """All sets that are here, one after the other."""
    databases, found = Databases(server), []
    for real_set in SETS.values():
        if (DATA / real_set.folder).exists():
            found.append(await lived(databases, real_set))
            print(f"{real_set.folder}: {found[-1].compared} compared, {found[-1].wrong} elsewhere", flush=True)
    await databases.drop_templates()
    return found


def report(found: Sequence[Figures]) -> str:
    """The page, in Markdown."""
    sets = [one.folder for one in found]
    return _PAGE.format(
        days=LATER.days,
        compared=f"{sum(one.compared for one in found):,}",
        wrong=f"{sum(one.wrong for one in found):,}",
        figures=_table(["", *sets], _rows(found)),
        counts=_table(["preset", "segment", *sets], _counts(found)),
        seconds=_table(["", *sets], _seconds(found)),
    )


def _rows(found: Sequence[Figures]) -> Iterable[list[str]]:
    yield ["customers", *(f"{one.customers:,}" for one in found)]
    yield ["lines", *(f"{one.lines:,}" for one in found)]
    yield ["of them refused", *(f"{one.refused:,}" for one in found)]
    yield ["events heard", *(f"{one.events:,}" for one in found)]
    yield ["customers compared", *(f"{one.compared:,}" for one in found)]
    yield ["differences", *(f"{one.wrong:,}" for one in found)]
    for bucket in BUCKETS:
        yield [f"bucket {bucket}", *(f"{one.buckets.get(bucket, 0):,}" for one in found)]
    for risk in RISKS:
        yield [f"risk {risk}", *(f"{one.risks.get(risk, 0):,}" for one in found)]
    yield ["owed", *(_money(one.owed, one.currency) for one in found)]
    yield ["of it overdue", *(_money(one.overdue, one.currency) for one in found)]


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def _counts(found: Sequence[Figures]) -> Iterable[list[str]]:
    for preset, segments in found[0].counts.items():
        for segment in segments:
            yield [preset, segment, *(f"{one.counts[preset][segment]:,}" for one in found)]


def _seconds(found: Sequence[Figures]) -> Iterable[list[str]]:
    for name in found[0].seconds:
        yield [name, *(f"{one.seconds[name]:,.1f}" for one in found)]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> int:
    """Write the report; 1 if anybody stood elsewhere."""
    with TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        found = asyncio.run(everything(server))
    if len(found) < len(SETS):
        print(f"Some sets are not in {DATA.name}; the report stays as it is.")
    else:
        REPORT.write_text(report(found))
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main())
