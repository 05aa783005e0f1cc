"""Letters rendered as HTML and text, from the templates beside this file.

The templates are ours, customers' words in them are not: the environment is sandboxed, escapes, and fails on a name
that is not there. CSS is inlined (``inlining``), which the colour of a letterhead is part of: a template for each.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.statements.outbound.colours import readable_on
from services.statements.outbound.inlining import inlined
from services.statements.outbound.languages.phrases import Phrases
from services.statements.outbound.letter import Letterhead
from services.statements.outbound.showing import LINES_SHOWN
from services.statements.outbound.shown import Shown, ShownAge, ShownCurrency, ShownLine, ShownMovement

_FIELDS = {
    kind: frozenset(field.name for field in fields(kind))
    for kind in (Phrases, Shown, ShownAge, ShownCurrency, ShownLine, ShownMovement)
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Reads fields of what we show as they are: to ask whether they are safe takes four times as long as the layout."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _FIELDS.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


_HERE = Path(__file__).parent / "templates"
_COLOUR, _ON_COLOUR = "{{ colour }}", "{{ on_colour }}"


def _environment(*, is_html: bool) -> _Sandbox:
    return _Sandbox(
        autoescape=is_html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )


_text = _environment(is_html=False).from_string((_HERE / "statement.txt").read_text())


@lru_cache(maxsize=8)
def _html(colour: str) -> Template:
    return _environment(is_html=True).from_string(inlined(_page(colour)))


def _page(colour: str) -> str:
    """The template with its style sheet, in the company's colour."""
    page = (_HERE / "statement.html").read_text()
    return page.replace(_COLOUR, colour).replace(_ON_COLOUR, readable_on(colour))


@dataclass(frozen=True)
class Rendered:
    """A letter as its reader sees it."""

    subject: str
    html: str
    text: str


def render(shown: Shown, head: Letterhead, logo: str | None = None) -> Rendered:
    """Lay a letter out; ``logo`` is where the HTML finds the image, if there is one."""
    values: dict[str, Any] = {"s": shown, "p": shown.phrases, "limit": LINES_SHOWN}
    return Rendered(shown.subject, _html(head.colour).render(values, logo=logo), _text.render(values))
