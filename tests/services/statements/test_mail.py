"""Mails as their readers see them: the text to the letter, the HTML as mail clients need it, and the files."""

import csv
import html as markup
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from css_inline import CSSInliner
from jinja2.exceptions import SecurityError

from services.statements.domain.facts import Account, Customer
from services.statements.domain.rule import Content
from services.statements.outbound import rendering
from services.statements.outbound.letter import Letterhead, Sending
from services.statements.outbound.lines_csv import lines_csv
from services.statements.outbound.logo import read_logo
from services.statements.outbound.mail import CSV, PDF, Mail, read_mail, write_mails
from services.statements.outbound.showing import show
from tests.services.statements.letters import (
    BAKERY,
    FULL,
    HEAD,
    IN_CREDIT,
    LOGO,
    MANY,
    OVERDUE,
    invoice,
    letter,
    speaking,
    written,
)

GOLDEN = Path(__file__).parent / "golden"
SENDING = Sending("d-1", "r", "2026-W11-thu")
GMAIL_CLIPS_AT = 102_000


def mailed(account: Account, content: Content, head: Letterhead = HEAD, *, with_pdf: bool = True) -> Mail:
    [mail] = write_mails(head, letter(account, content, with_pdf=with_pdf), SENDING, [(1, "ana@correo.demo")])
    return read_mail(mail)


@pytest.mark.parametrize("reached", ["s.__class__", "s.phrases.__init__", "s.currencies[0].lines.append"])
def test_templates_reach_what_is_shown_and_nothing_behind_it(reached: str) -> None:
    template = rendering._environment(is_html=True).from_string(f"{{{{ s.title }}}} {{{{ {reached}('{{0}}') }}}}")
    with pytest.raises(SecurityError):
        template.render(s=show(letter(BAKERY, FULL), HEAD))


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize(
    ("name", "account", "content"),
    [("full", BAKERY, FULL), ("overdue", BAKERY, OVERDUE), ("in_credit", IN_CREDIT, FULL)],
)
def test_the_text_is_to_the_letter(name: str, account: Account, content: Content, language: str) -> None:
    assert written(speaking(account, language), content).text == (GOLDEN / f"{name}.{language}.txt").read_text()


@pytest.mark.parametrize(
    ("language", "full", "overdue"),
    [
        ("es", "Estado de cuenta al 12/03/2026", "Facturas vencidas al 12/03/2026"),
        ("pt", "Extrato de conta em 12/03/2026", "Faturas vencidas em 12/03/2026"),
        ("en", "Account statement as of March 12, 2026", "Overdue invoices as of March 12, 2026"),
    ],
)
def test_subjects_say_what_it_is(language: str, full: str, overdue: str) -> None:
    assert written(speaking(BAKERY, language), FULL).subject == f"{full} · Comercial Andina"
    assert written(speaking(BAKERY, language), OVERDUE).subject == f"{overdue} · Comercial Andina"


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_html_says_its_language_and_carries_its_style_itself(language: str) -> None:
    html = written(speaking(BAKERY, language), FULL).html
    assert f'<html lang="{language}">' in html
    assert "background-color:#1f4e79" in html
    assert "<link" not in html
    assert "<img" not in html
    assert 'href="https://pagos.andina.demo/cli-1"' in html


@pytest.mark.parametrize("account", [BAKERY, IN_CREDIT, MANY])
@pytest.mark.parametrize("content", [FULL, OVERDUE])
@pytest.mark.parametrize("logo", [None, "cid:logo.png"])
def test_each_letter_has_the_style_that_inlining_it_by_itself_would_give(
    account: Account, content: Content, logo: str | None
) -> None:
    shown = show(letter(account, content), HEAD)
    laid_out = rendering._environment(is_html=True).from_string(rendering._page(HEAD.colour))
    by_itself = CSSInliner(keep_at_rules=True, minify_css=True).inline(
        laid_out.render(s=shown, p=shown.phrases, limit=100, logo=logo)
    )
    assert markup.unescape(rendering.render(shown, HEAD, logo).html) == markup.unescape(by_itself)


def test_words_of_customers_are_never_markup() -> None:
    name = "<b>{{ 7 * 7 }}</b> {day}"
    html = written(replace(BAKERY, customer=Customer(type="person", name=name)), FULL).html
    assert "&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt; {day}" in html


def test_who_owes_nothing_is_not_dunned() -> None:
    mail = written(IN_CREDIT, FULL)
    for part in (mail.text, mail.html):
        assert "COP 30.000,00" in part
        assert "a favor" in part
        for word in ("vencid", "recordatorio", "acuerdo de pago", "Pague", "Pagar"):
            assert word not in part


@pytest.mark.parametrize("number", ["=1+1", "\n=1+1"])
def test_no_cell_of_a_statement_s_table_is_a_formula(number: str) -> None:
    account = replace(MANY, invoices=[invoice(number, date(2026, 2, 1), "100", "100")])
    table = lines_csv(letter(account, FULL).statement).decode()
    [row] = csv.DictReader(io.StringIO(table, newline=""))
    assert (row["invoice_id"], row["number"]) == (f"'{number}", f"'{number}")


def test_beyond_a_hundred_lines_the_rest_is_counted_and_goes_along() -> None:
    mail = mailed(MANY, FULL)
    for part in (mail.text, mail.html):
        assert "F-099" in part
        assert "100 de 130 facturas" in part
        assert "COP 1.300.000,00" in part
        assert "facturas-2026-03-12.csv" in part
    assert mail.text.count("  F-") == 100
    for part in (mail.text, mail.html):
        assert len(set(re.findall(r"F-\d{3}", part))) == 100
    assert "  130 facturas  COP 1.300.000,00\n" in mail.text
    assert len(mail.html.encode()) < GMAIL_CLIPS_AT
    [file] = [one for one in mail.attachments if one.content_type == CSV]
    rows = list(csv.DictReader(io.StringIO(file.bytes.decode())))
    assert file.filename == "facturas-2026-03-12.csv"
    assert [row["number"] for row in rows] == [f"F-{number:03}" for number in range(130)]
    assert rows[0] == {
        "currency": "COP",
        "invoice_id": "F-000",
        "number": "F-000",
        "issued_on": "2026-01-05",
        "due_on": "2026-02-01",
        "amount": "10000.00",
        "balance": "10000.00",
        "status": "overdue",
        "days_past_due": "39",
        "settled_on": "",
        "disputed": "false",
    }


def test_a_hundred_lines_are_all_shown() -> None:
    mail = mailed(replace(MANY, invoices=MANY.invoices[:100]), OVERDUE)
    assert mail.text.count("  F-") == 100
    assert [one.content_type for one in mail.attachments] == [PDF]


def test_no_spreadsheet_runs_what_an_invoice_is_called() -> None:
    evil = invoice("=HYPERLINK(1)", MANY.invoices[0].terms.due_on, "1", "1")
    mail = mailed(replace(MANY, invoices=[*MANY.invoices, evil]), FULL)
    [file] = [one for one in mail.attachments if one.content_type == CSV]
    assert "'=HYPERLINK(1),'=HYPERLINK(1)," in file.bytes.decode()


def test_the_pdf_goes_along_where_it_is_wanted() -> None:
    [file] = mailed(BAKERY, FULL).attachments
    assert (file.filename, file.content_type) == ("estado-de-cuenta-2026-03-12.pdf", PDF)
    assert file.bytes.startswith(b"%PDF")
    assert mailed(BAKERY, FULL, with_pdf=False).attachments == []


def test_the_logo_is_an_image_that_the_html_names() -> None:
    mail = mailed(BAKERY, FULL, replace(HEAD, logo=LOGO))
    logo, pdf = mail.attachments
    assert (logo.filename, logo.content_type, logo.bytes) == ("logo.png", "image/png", LOGO.content)
    assert '<img src="cid:logo.png" alt="Comercial Andina"' in mail.html
    assert mail.shows(logo)
    assert not mail.shows(pdf)


def test_the_same_letter_gives_the_same_bytes() -> None:
    head = replace(HEAD, logo=LOGO)
    first, second = (write_mails(head, letter(BAKERY, FULL), SENDING, [(1, "a@correo.demo")]) for _ in range(2))
    assert first == second


def test_a_logo_that_mail_clients_do_not_show_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "logo"
    file.write_bytes(LOGO.content)
    assert read_logo(file) == LOGO
    for content in (b"<svg/>", LOGO.content + bytes(200_000)):
        file.write_bytes(content)
        with pytest.raises(ValueError, match="logo"):
            read_logo(file)


def test_a_light_company_colour_is_written_on_in_dark() -> None:
    html = written(BAKERY, FULL, replace(HEAD, colour="#ffe066")).html
    assert "background-color:#ffe066;color:#1d2433" in html
