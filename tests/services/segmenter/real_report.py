"""Live through every real set whole, and write what came of it to ``docs/real-input.md`` (``make real-sets``).

Sums and times alone: never a row, a name or an id of the sets. Figures of each set are kept under ``.local``, so that
``python -m tests.services.segmenter.real_report ibm-ar`` brings the report up to date with one set.
"""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.journeys.real_sets import DATA
from tests.services.segmenter.real_desk import open_desk
from tests.services.segmenter.real_lives import LATER, SETS, Figures, RealSet, lines_of, live_through
from tests.support.databases import Databases
from tests.support.servers import running_postgres

ROOT = Path(__file__).parents[3]
REPORT = ROOT / "docs" / "real-input.md"
KEPT = ROOT / ".local" / "real-input"
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


async def live(server: str, folders: Iterable[str]) -> None:
    """Live through sets, one after the other, and keep what came of each."""
    databases = Databases(server)
    for folder in folders:
        if (DATA / folder).exists():
            figures = await _lived(databases, SETS[folder])
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{folder}.json").write_bytes(msgspec.json.encode(figures))
            print(f"{folder}: {figures.compared} compared, {figures.wrong} elsewhere", flush=True)
    await databases.drop_templates()


async def _lived(databases: Databases, real_set: RealSet) -> Figures:
    lines = lines_of(real_set, 1)
    urls = await databases.create("customers"), await databases.create("segmenter")
    async with open_desk(*urls, real_set.currency) as desk:
        figures = await live_through(desk, real_set, lines)
    for url in urls:
        await databases.drop(url)
    return figures


def kept() -> list[Figures]:
    """What came of each set when it was last lived through."""
    files = [KEPT / f"{folder}.json" for folder in SETS]
    return [msgspec.json.decode(file.read_bytes(), type=Figures) for file in files if file.exists()]


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


def main(folders: Sequence[str]) -> int:
    """Live through these sets, or all; the report is written once there are figures of each.

    Returns 1 if anybody stood elsewhere than the rows say.
    """
    with TemporaryDirectory() as folder, running_postgres(Path(folder)) as server:
        asyncio.run(live(server, folders or list(SETS)))
    found = kept()
    if len(found) == len(SETS):
        REPORT.write_text(report(found))
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
