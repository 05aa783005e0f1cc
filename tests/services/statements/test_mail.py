"""Mails as their readers see them: the text to the letter, and the words that amounts and customers are written in."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.statements.domain.facts import Account, Application, Customer, Invoice, Payment, Terms
from services.statements.domain.rule import Content
from services.statements.domain.speech import locale_of
from services.statements.domain.statement import state
from services.statements.outbound.letter import Letter, Letterhead
from services.statements.outbound.rendering import Rendered, render
from services.statements.outbound.words import babel_locale, money_words
from shared.basics.money import Money

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 3, 12)
FULL = Content(type="full", paid_within_days=90)
OVERDUE = Content(type="overdue", min_days_overdue=10)
HEAD = Letterhead(
    company="Comercial Andina",
    colour="#1f4e79",
    sender="Cartera <cartera@andina.demo>",
    reply_to="cartera@andina.demo",
    payment_link="https://pagos.andina.demo/{customer_id}",
)


def cop(amount: str) -> Money:
    return Money(Decimal(amount), "COP")


def invoice(number: str, issued_on: date, due_on: date, amount: str, left: str, settled_on: date | None) -> Invoice:
    return Invoice(Terms(number, number, issued_on, due_on, cop(amount), 0, due_on), Decimal(left), settled_on)


BAKERY = Account(
    "cli-1",
    Customer(type="company", name="Panadería La Espiga S.A.S."),
    invoices=[
        invoice("FV-10231", date(2026, 1, 5), date(2026, 2, 4), "1350000.50", "250000.50", None),
        invoice("FV-10298", date(2026, 1, 20), date(2026, 2, 19), "820000", "0", date(2026, 2, 20)),
        invoice("FV-10377", date(2026, 2, 25), date(2026, 3, 27), "1790000", "1790000", None),
    ],
    payments=[
        Payment("PSE-88120", cop("1100000"), date(2026, 2, 10), 0),
        Payment("PSE-88177", cop("820000"), date(2026, 2, 20), 0),
    ],
    applications=[
        Application("payment", "PSE-88120", "FV-10231", cop("1100000"), date(2026, 2, 10)),
        Application("payment", "PSE-88177", "FV-10298", cop("820000"), date(2026, 2, 20)),
    ],
)
IN_CREDIT = Account(
    "cli-2",
    Customer(type="person", name="Ana María Restrepo"),
    invoices=[invoice("FV-1", date(2026, 1, 5), date(2026, 2, 4), "50000", "0", date(2026, 2, 1))],
    payments=[Payment("PSE-1", cop("80000"), date(2026, 2, 1), 0)],
    applications=[Application("payment", "PSE-1", "FV-1", cop("50000"), date(2026, 2, 1))],
)


def written(account: Account, content: Content, head: Letterhead = HEAD) -> Rendered:
    statement = state(account, content, TODAY, (30, 60, 90))
    locale = locale_of(account.customer)
    letter = Letter(customer_id=account.customer_id, customer=account.customer, locale=locale, statement=statement)
    return render(letter, head)


@pytest.mark.parametrize(
    ("name", "account", "content"),
    [("full", BAKERY, FULL), ("overdue", BAKERY, OVERDUE), ("in_credit", IN_CREDIT, FULL)],
)
def test_the_text_is_to_the_letter(name: str, account: Account, content: Content) -> None:
    assert written(account, content).text == (GOLDEN / f"{name}.txt").read_text()


def test_subjects_say_what_it_is() -> None:
    assert written(BAKERY, FULL).subject == "Estado de cuenta al 12/03/2026 · Comercial Andina"
    assert written(BAKERY, OVERDUE).subject == "Facturas vencidas al 12/03/2026 · Comercial Andina"


def test_html_says_its_language_and_carries_its_style_itself() -> None:
    html = written(BAKERY, FULL).html
    assert '<html lang="es">' in html
    assert "background-color: #1f4e79" in html
    assert "<link" not in html
    assert "<img" not in html
    assert 'href="https://pagos.andina.demo/cli-1"' in html


def test_who_owes_nothing_is_not_dunned() -> None:
    mail = written(IN_CREDIT, FULL)
    for part in (mail.text, mail.html):
        assert "COP 30.000,00" in part
        assert "a favor" in part
        for word in ("vencid", "recordatorio", "acuerdo de pago", "Pague", "Pagar"):
            assert word not in part


def test_beyond_a_hundred_lines_the_rest_is_counted() -> None:
    many = [invoice(f"F-{number:03}", date(2026, 1, 1), date(2026, 2, 1), "1", "1", None) for number in range(130)]
    mail = written(Account("c", Customer(type="person", name="Ana"), invoices=many), OVERDUE)
    for part in (mail.text, mail.html):
        assert "F-099" in part
        assert "F-100" not in part
        assert "100 de 130 facturas" in part
        assert "COP 130,00" in part


def test_a_light_company_colour_is_written_on_in_dark() -> None:
    light = Letterhead(company="Sol", colour="#ffe066", sender="x@sol.demo", reply_to=None, payment_link=None)
    html = written(BAKERY, FULL, light).html
    assert "background-color: #ffe066;color: #1d2433" in html.replace("; ", ";").replace(";color", ";color")


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("es-MX", "CO", "es-MX"),
        ("es", "PE", "es-PE"),
        ("es", None, "es-CO"),
        (None, "CL", "es-CL"),
        (None, None, "es-CO"),
        ("es-Latn-AR", None, "es-AR"),
        ("es-419", "MX", "es-MX"),
        ("pt-BR", "BR", "es-BR"),
        ("??", "Colombia", "es-CO"),
    ],
)
def test_the_region_is_the_tags_or_the_countrys_or_colombia(
    language: str | None, country: str | None, locale: str
) -> None:
    assert locale_of(Customer(type="person", name="Ana", language=language, country=country)) == locale


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "words"),
    [
        ("es-CO", "1234567.5", "COP", "COP 1.234.567,50"),
        ("es-CO", "1234.5", "COP", "COP 1.234,50"),
        ("es-CL", "1234.5", "CLP", "CLP 1.235"),
        ("es-AR", "-0.005", "ARS", "ARS -0,01"),
        ("es-UY", "-1234.5", "UYU", "UYU -1.234,50"),
        ("es-MX", "1234.5", "MXN", "MXN 1,234.50"),
        ("es-PE", "1234.5", "PEN", "PEN 1,234.50"),
        ("es-PA", "1234.5", "USD", "USD 1,234.50"),
        ("es-US", "1234.5", "USD", "USD 1,234.50"),
        ("es-ZZ", "1234.5", "USD", "USD 1.234,50"),
    ],
)
def test_amounts_are_written_as_the_region_does(locale: str, amount: str, currency: str, words: str) -> None:
    assert money_words(Decimal(amount), currency, babel_locale(locale)) == words
