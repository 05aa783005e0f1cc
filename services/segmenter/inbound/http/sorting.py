"""Orders of lists, and the cursors that go with them: a cursor holds the order and the last row's place in it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from services.segmenter.storage.members import SORT_TYPES, Member, Sort
from shared.basics.errors import BadInput, mistake
from shared.basics.money import amount_text, parse_amount
from shared.http.pages import decode_cursor, encode_cursor


def read_sort(text: str) -> Sort:
    """``total_balance`` ascending, ``-total_balance`` descending.

    Raises
    ------
    BadInput
        There is no such column (``/sort``).
    """
    column = text.removeprefix("-")
    if column not in SORT_TYPES:
        raise mistake("/sort", "unknown_choice", f"sort by one of {', '.join(SORT_TYPES)}")
    return Sort(column, descending=text.startswith("-"))


def next_cursor(found: Sequence[Member], sort: Sort, limit: int) -> str | None:
    """Where the next page begins, if this one is full."""
    if len(found) < limit:
        return None
    value, customer_id = sort.key(found[-1])
    written = amount_text(value) if isinstance(value, Decimal) else value
    return encode_cursor(_name(sort), written, customer_id)


def after_cursor(cursor: str | None, sort: Sort, pointer: str) -> tuple[Any, str] | None:
    """The place that a cursor holds.

    Raises
    ------
    BadInput
        It is no cursor of this list in this order.
    """
    try:
        key = decode_cursor(cursor, 3)
    except BadInput as error:
        raise _refusal(pointer) from error
    if key is None:
        return None
    order, value, customer_id = key
    if order != _name(sort) or not isinstance(value, str) or not isinstance(customer_id, str):
        raise _refusal(pointer)
    return (_number(value, pointer) if SORT_TYPES[sort.column] == "numeric" else value), customer_id


def _name(sort: Sort) -> str:
    return ("-" if sort.descending else "") + sort.column


def _number(text: str, pointer: str) -> Decimal:
    try:
        return parse_amount(text)
    except ValueError as error:
        raise _refusal(pointer) from error


def _refusal(pointer: str) -> BadInput:
    return mistake(pointer, "invalid_cursor", "this is no cursor of this list in this order")
