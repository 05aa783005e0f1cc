"""Letters rendered as HTML and text, from the templates beside this file.

The templates are ours, customers' words in them are not: the environment is sandboxed, escapes, and fails on a name
that is not there. CSS is inlined, because mail clients drop style sheets.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.statements.domain.account_as_of import Line
from services.statements.domain.statement import CurrencyFigures
from services.statements.outbound.letter import Letter, Letterhead
from services.statements.outbound.words import babel_locale, date_words, money_words

_LINES_SHOWN = 100
_KINDS = {"invoice": "Factura", "payment": "Pago"}
_COLOURS = {"paid": "good", "pending": "quiet", "overdue": "late"}

_environment = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=lambda name: bool(name and name.endswith(".html")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_environment.filters["day"] = date_words
_html = _environment.get_template("statement.html")
_text = _environment.get_template("statement.txt")
_inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Rendered:
    """A letter as its reader sees it."""

    subject: str
    html: str
    text: str


def render(letter: Letter, head: Letterhead) -> Rendered:
    """Write a letter in Spanish."""
    shown = _shown(letter, head)
    return Rendered(_subject(letter, head), _inliner.inline(_html.render(shown)), _text.render(shown))


def _subject(letter: Letter, head: Letterhead) -> str:
    what = "Estado de cuenta" if letter.statement.content.type == "full" else "Facturas vencidas"
    company = " ".join(head.company.split())
    return f"{what} al {date_words(letter.statement.as_of_date)} · {company}"


def _shown(letter: Letter, head: Letterhead) -> dict[str, Any]:
    statement, link = letter.statement, head.payment_link
    locale = babel_locale(letter.locale)
    return {
        "company": head.company,
        "colour": head.colour,
        "on_colour": _readable_on(head.colour),
        "payment_link": link.replace("{customer_id}", letter.customer_id) if link else None,
        "reply_to": head.reply_to,
        "lang": letter.locale.partition("-")[0],
        "customer": letter.customer,
        "statement": statement,
        "is_full": statement.content.type == "full",
        "subject": _subject(letter, head),
        "currencies": [_currency(figures) for figures in statement.currencies],
        "money": partial(_money, locale=locale),
        "kinds": _KINDS,
        "colours": _COLOURS,
        "status": _status_words,
        "is_overdue": any(line.status == "overdue" for one in statement.currencies for line in one.lines),
        "is_owed": any(figures.total for figures in statement.currencies),
    }


def _money(amount: Any, currency: str, *, locale: Any) -> str:
    return money_words(amount, currency, locale)


def _currency(figures: CurrencyFigures) -> dict[str, Any]:
    overdue = [line for line in figures.lines if line.status == "overdue"]
    shown, movements = figures.lines[:_LINES_SHOWN], figures.movements or ()
    return {
        "figures": figures,
        "code": figures.currency,
        "overdue": sum(line.balance for line in overdue),
        "lines": shown,
        "lines_not_shown": len(figures.lines) - len(shown),
        "movements": movements[-_LINES_SHOWN:],
        "movements_not_shown": max(0, len(movements) - _LINES_SHOWN),
        "aging": [(_bucket_words(name), amount) for name, amount in figures.aging],
    }


def _status_words(line: Line) -> str:
    if line.status == "paid" and line.settled_on:
        return f"Pagada el {date_words(line.settled_on)}"
    if line.status == "overdue":
        return f"Vencida hace {line.days_past_due} {'día' if line.days_past_due == 1 else 'días'}"
    return "Por vencer"


def _bucket_words(name: str) -> str:
    return "Por vencer" if name == "current" else f"{name} días"


def _readable_on(colour: str) -> str:
    """Black or white, whichever can be read on a colour (by its relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return "#1d2433" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.35 else "#ffffff"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
