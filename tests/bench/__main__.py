"""Run benchmarks: ``python -m tests.bench [name…]``; without names, all of them.

``BENCH_CUSTOMERS=1000000`` makes crowds as large; 200,000 are quick.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from deploy.local.settings import ROOT
from tests.bench import (
    customers_pages,
    customers_writes,
    latency,
    relaying,
    segmenter_events,
    segmenter_everyone,
    segmenter_history,
    segmenter_lanes,
    segmenter_live,
    statements_sending,
    statements_writing,
)
from tests.bench.figures import Figure
from tests.bench.report import keep, machine, table
from tests.support.ground import Ground, running_ground

Benchmark = Callable[[Ground], Coroutine[Any, Any, list[Figure]]]

BENCHMARKS: dict[str, Benchmark] = {
    "customers_writes": customers_writes.measure,
    "customers_pages": customers_pages.measure,
    "relaying": relaying.measure,
    "segmenter_events": segmenter_events.measure,
    "segmenter_everyone": segmenter_everyone.measure,
    "segmenter_history": segmenter_history.measure,
    "segmenter_lanes": segmenter_lanes.measure,
    "segmenter_live": segmenter_live.measure,
    "latency": latency.measure,
    "statements_sending": statements_sending.measure,
    "statements_writing": statements_writing.measure,
}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="which; all when left out")
    names = parser.parse_args().names or list(BENCHMARKS)
    print(f"{machine()}\nlimit and product take turns in one run; each figure is a median of three\n", flush=True)
    figures: list[Figure] = []
    for name in names:
        print(f"… {name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="cascada-bench-") as folder, running_ground(Path(folder)) as ground:
            found = asyncio.run(BENCHMARKS[name](ground))
        print(table(found), flush=True)
        keep(found, ROOT / ".local" / "bench.json")
        figures += found
    print(f"\n{table(figures)}")


if __name__ == "__main__":
    main()
