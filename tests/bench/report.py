"""The table that people read, and ``bench.json`` in the local folder."""

import json
import platform
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.bench.figures import Figure

_HEAD = ("what", "unit", "limit", "product", "ratio", "goal", "")


def machine() -> str:
    """What the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def table(figures: Sequence[Figure]) -> str:
    """One line a figure."""
    rows = [_HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _cells(figure: Figure) -> tuple[str, ...]:
    word = {True: "met", False: "missed", None: ""}[figure.met]
    numbers = (_number(figure.limit), _number(figure.product), f"{figure.ratio:.2f}")
    return (figure.name, figure.unit, *numbers, figure.goal or "", word)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures for other programs; those of an earlier run that were not measured now stay."""
    known = {row["name"]: row for row in json.loads(path.read_text())} if path.exists() else {}
    known |= {figure.name: figure.row() for figure in figures}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(known.values()), indent=2) + "\n")
