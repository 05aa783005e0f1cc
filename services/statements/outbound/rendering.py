"""Letters rendered as HTML and text, from the templates beside this file.

The templates are ours, customers' words in them are not: the environment is sandboxed, escapes, and fails on a name
that is not there. CSS is inlined, because mail clients drop style sheets.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.statements.outbound.colours import readable_on
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


_environment = _Sandbox(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: bool(name and name.endswith(".html")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_html = _environment.get_template("statement.html")
_text = _environment.get_template("statement.txt")
_inliner = CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Rendered:
    """A letter as its reader sees it."""

    subject: str
    html: str
    text: str


def render(shown: Shown, head: Letterhead, logo: str | None = None) -> Rendered:
    """Lay a letter out; ``logo`` is where the HTML finds the image, if there is one."""
    values: dict[str, Any] = {"s": shown, "p": shown.phrases, "limit": LINES_SHOWN}
    html = _html.render(values, logo=logo, colour=head.colour, on_colour=readable_on(head.colour))
    return Rendered(shown.subject, _inliner.inline(html), _text.render(values))
