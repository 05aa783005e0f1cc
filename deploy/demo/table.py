"""Plain aligned columns for a terminal: no colour, no frame, nothing wider than the page."""

from collections.abc import Sequence

WIDTH = 100


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, two spaces in from the margin; a head that starts with ``>`` is a column of numbers."""
    widths = [max(len(text) for text in column) for column in zip([h.lstrip(">") for h in heads], *rows, strict=True)]
    numeric = [head.startswith(">") for head in heads]
    under = ["─" * width for width in widths]
    return [_line(row, widths, numeric) for row in ([head.lstrip(">") for head in heads], under, *rows)]


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = [
        text.rjust(width) if is_number else text.ljust(width)
        for text, width, is_number in zip(row, widths, numeric, strict=True)
    ]
    return cut("  " + "   ".join(cells).rstrip())


def cut(line: str) -> str:
    """A line that fits the page; what does not fit ends in an ellipsis."""
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
