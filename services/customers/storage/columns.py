"""Rows turned into columns: the arrays that ``unnest`` makes rows of again, one statement for any number of them."""

from collections.abc import Iterable, Sequence
from typing import Any


def columns(names: str, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """``columns("id day", [("a", 1), ("b", 2)])`` → ``{"id": ["a", "b"], "day": [1, 2]}``."""
    keys = names.split()
    turned = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(keys, turned or [[] for _ in keys], strict=True))
