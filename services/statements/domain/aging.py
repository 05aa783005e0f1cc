"""Aging buckets (tramos de mora): by days past due, between the edges that the published cascade sets."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

DEFAULT_EDGES = (30, 60, 90)

Edges = tuple[int, ...]


def bucket_names(edges: Sequence[int]) -> list[str]:
    """``current``, ``1-30``, …, ``91+``, in order."""
    between = [f"{low + 1}-{high}" for low, high in pairwise((0, *edges))]
    return ["current", *between, f"{edges[-1] + 1}+"]


def bucket(days_past_due: int, edges: Sequence[int]) -> str:
    """The bucket of an age in days; 0 and less is ``current``."""
    if days_past_due <= 0:
        return "current"
    return bucket_names(edges)[1 + sum(days_past_due > edge for edge in edges)]


def days_past_due(due_on: date, as_of: date) -> int:
    """How many days after its due date; due today or later is 0."""
    return max(0, (as_of - due_on).days)
