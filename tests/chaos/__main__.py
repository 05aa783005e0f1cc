"""``make chaos``: the whole matrix, about 20 minutes, and the report in ``docs/reliability.md``.

``--only WORD…`` takes rows whose names have one of the words, and writes no report; ``--short`` their short amounts.
"""

import argparse
import logging
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from deploy.local.settings import ROOT
from tests.chaos.matrix import MATRIX
from tests.chaos.report import page
from tests.chaos.row import Row
from tests.chaos.run import Record, a_loaded_stack, run_matrix

_REPORT = ROOT / "docs" / "reliability.md"
_CUSTOMERS, _A_SECOND = 200, 20.0


def main() -> None:
    """Run, print, keep; exit status 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="words in the names of rows")
    parser.add_argument("--short", action="store_true", help="the amounts of the test command")
    parser.add_argument("--without-keys", action="store_true", help="the gateway honours no idempotency keys")
    asked = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it has much to say about a broker that is away
    rows = [(row, row.short if asked.short else row.long) for row in MATRIX if _is_asked(row, asked.only)]
    record = uvloop.run(_run(rows, honours_keys=not asked.without_keys))
    written = page(record, datetime.now(UTC).date().isoformat())
    if asked.only or asked.short:
        print(written)
    else:
        _REPORT.write_text(written)
    sys.exit(0 if record.passed else 1)


async def _run(rows: list[tuple[Row, int]], *, honours_keys: bool) -> Record:
    with tempfile.TemporaryDirectory(prefix="cascada-chaos-") as folder:
        async with a_loaded_stack(
            Path(folder), customers=_CUSTOMERS, a_second=_A_SECOND, honours_keys=honours_keys
        ) as chaos:
            record = Record(chaos.load.shapes.source, _CUSTOMERS, _A_SECOND, honours_keys)
            await run_matrix(chaos, rows, record, say, look=True)
            return record


def _is_asked(row: Row, words: list[str]) -> bool:
    return not words or any(word in row.name for word in words)


def say(text: str) -> None:
    """One line for people, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
