"""Cells of a table: text whose type another place tells. What is not of that type stays text, for others to refuse."""

import re

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


class Cell(str):
    """The value of a custom variable out of a table; its declaration tells the type."""

    __slots__ = ()


def as_number(text: str) -> int | float | str:
    """``"640.5"`` → 640.5."""
    if not _NUMBER.fullmatch(text):
        return str(text)
    return float(text) if "." in text else int(text)


def as_boolean(text: str) -> bool | str:
    """``"TRUE"`` → True, as spreadsheets write it."""
    return {"true": True, "false": False}.get(text.lower(), str(text))
