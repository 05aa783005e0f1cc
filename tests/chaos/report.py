"""The report of a run as a page: what was done to it, how that is known, what was expected and what was seen."""

import os
import platform
from collections.abc import Iterable

from tests.chaos.run import Record, Result

_HEAD = """\
# Reliability

Written by `make chaos`: a whole stack on one machine (two replicas of each API behind a balancer, two workers of each
hearer, one broker, one PostgreSQL), payments and invoices put through the customers API by writers that remember every
answer, and one fault after another. After each fault the load stops, everything comes to rest, and everything is looked
at. How it is built: `tests/chaos/`. A short form of it runs in `make test`.
"""
_PROMISES = """\
## What was held after every fault

{promises}

Each is judged by `tests/chaos/checks_of_*.py`; `tests/chaos/test_guards.py` takes one guard of the product out at a
time (sequence check, publish fence, unique keys, lock order, outbox, send ledger) and shows that these checks then
fail. An *unknown* write had no answer, or a 5xx: it may be there or not, but wholly. In doubt a mail is repeated with
the same key where the gateway honours keys, and stays `unknown` in the ledger where it does not.
"""


def page(record: Record, when: str) -> str:
    """The report in Markdown."""
    parts = [_HEAD, _verdict(record, when), _matrix(record.results), _end(record), _promises(record)]
    return "\n".join(parts)


def _verdict(record: Record, when: str) -> str:
    passed = sum(result.passed for result in record.results)
    keys = "honours" if record.honours_keys else "does not honour"
    return f"""\
## Last full run: {"passed" if record.passed else "**failed**"}

{when}, {record.seconds / 60:.0f} minutes, {passed} of {len(record.results)} rows passed. {os.cpu_count()} cores
(load {os.getloadavg()[2]:.0f} at the end), {platform.system()}, Python {platform.python_version()}. {record.customers}
customers, {record.a_second:g} writes a second asked for beside each fault. Shapes: {record.source}.
The mail gateway {keys} idempotency keys.
"""


def _matrix(results: Iterable[Result]) -> str:
    head = "| fault | amount | expected | it happened: | seen | s | |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, *map(_row, results), ""])


def _row(result: Result) -> str:
    row = result.row
    proof, seen = (result.fired.proof, result.fired.seen) if result.fired else ("", "")
    told = [seen, *_troubles(result)]
    verdict = "passed" if result.passed else "**failed**"
    cells = (row.name, f"{result.amount} {row.unit}", row.expected, proof, "; ".join(filter(None, told)))
    return f"| {' | '.join(map(_cell, cells))} | {result.seconds:.0f} | {verdict} |"


def _troubles(result: Result) -> list[str]:
    broken = result.inspection.broken if result.inspection else {}
    return [result.failure, *(f"{promise}: {_some(found)}" for promise, found in broken.items())]


def _end(record: Record) -> str:
    if record.last is None:
        return f"## In the end\n\nNobody could look: {record.failure}\n"
    counts = "\n".join(f"| {name} | {count:,} |" for name, count in record.last.counts.items())
    return f"## In the end\n\n| | |\n|---|---|\n{counts}\n"


def _promises(record: Record) -> str:
    findings = record.last.findings if record.last else {}
    lines = [f"- {promise}: {_some(found) if found else 'holds'}" for promise, found in findings.items()]
    return _PROMISES.format(promises="\n".join(lines))


def _some(found: list[str]) -> str:
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return f"{len(found)} findings, {'; '.join(found[:3])}{more}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
