"""Letters as tagged PDF, set by typst from the template and the fonts beside this file.

Customers' words reach the template as JSON strings, never as markup. The same letter gives the same bytes: the document
is dated by its statement, not by the clock.
"""

from datetime import UTC, datetime, time
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
import typst

from services.statements.outbound.colours import readable_on_paper
from services.statements.outbound.letter import Letterhead
from services.statements.outbound.shown import Shown

_HERE = Path(__file__).parent
_compiler = typst.Compiler(
    _HERE / "templates" / "statement.typ",
    root=_HERE / "templates",
    font_paths=[_HERE / "fonts"],
    ignore_system_fonts=True,
)
_one_at_a_time = Lock()
"""A compiler serves one caller; it is kept, because opening the fonts costs more than a page."""


def write_pdf(shown: Shown, head: Letterhead) -> bytes:
    """The letter on A4 pages with every line and movement, tagged; by PDF/UA-1 where our fonts have all its letters.

    A letter that they do not have (the standard forbids that) is shown as an empty box: nobody's statement fails on it.
    """
    data = msgspec.json.encode(_data(shown, head)).decode()
    with _one_at_a_time:
        try:
            return _compile(data, shown, to_the_standard=True)
        except typst.TypstError:
            return _compile(data, shown, to_the_standard=False)


def _compile(data: str, shown: Shown, *, to_the_standard: bool) -> bytes:
    noon = datetime.combine(shown.as_of_date, time(12), UTC)
    pdf = _compiler.compile(
        format="pdf",
        sys_inputs={"data": data},
        timestamp=noon,
        pdf_standards=["ua-1"] if to_the_standard else [],
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gives a PDF as one piece of bytes")
    return pdf


def _data(shown: Shown, head: Letterhead) -> dict[str, Any]:
    logo = head.logo
    return {
        **msgspec.to_builtins(shown),
        "colour": head.colour,
        "written": readable_on_paper(head.colour),
        "logo": list(logo.content) if logo else None,
        "logo_format": logo.filename.rpartition(".")[2] if logo else None,
    }
