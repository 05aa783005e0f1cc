"""The statement as PDF: every figure in it, accessible, and nothing a customer is called is ever run."""

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from services.statements.domain.facts import Account, Customer
from services.statements.domain.rule import Content
from services.statements.outbound.letter import Letterhead
from services.statements.outbound.pdf import write_pdf
from services.statements.outbound.showing import show
from tests.services.statements.letters import BAKERY, FULL, HEAD, IN_CREDIT, LOGO, MANY, OVERDUE, letter, speaking


def read(account: Account, content: Content, head: Letterhead = HEAD) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(show(letter(account, content), head), head)))


def text_of(pdf: PdfReader) -> str:
    """Its words, however they are broken into lines."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize(("account", "content"), [(BAKERY, FULL), (BAKERY, OVERDUE), (IN_CREDIT, FULL)])
def test_it_shows_every_figure(account: Account, content: Content, language: str) -> None:
    account = speaking(account, language)
    shown, text = show(letter(account, content), HEAD), text_of(read(account, content))
    assert shown.title in text
    assert account.customer.name in text
    for block in shown.currencies:
        amounts = [block.total if block.is_owed else "", block.credit or "", block.opening or "", block.closing or ""]
        amounts += [part for line in block.lines for part in (line.number, line.amount, line.balance, line.due_on)]
        amounts += [part for move in block.movements for part in (move.what, move.amount)]
        amounts += [age.amount for age in block.aging if block.is_owed]
        for amount in amounts:
            assert amount in text, amount


def test_it_is_tagged_and_says_its_language_and_title() -> None:
    pdf = read(speaking(BAKERY, "pt"), FULL)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "pt-BR"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Extrato de conta em 12/03/2026 · Comercial Andina"


def test_it_has_every_line_however_many() -> None:
    pdf = read(MANY, OVERDUE)
    text = text_of(pdf)
    assert all(f"F-{number:03}" in text for number in range(130))
    assert f"Página 2 de {len(pdf.pages)}" in text


def test_words_of_customers_are_never_markup() -> None:
    name = '#panic("x") *no* $x$ \\ {n} "'
    text = text_of(read(replace(BAKERY, customer=Customer(type="person", name=name)), FULL))
    assert '#panic("x") *no* $x$ \\ {n} "' in text.replace("“", '"').replace("”", '"')


def test_names_in_other_scripts_and_symbols_do_not_stop_it() -> None:
    name = "Ññ Łódź Ωμέγα Жанна 株式会社 \u200f🙂"
    text = text_of(read(replace(BAKERY, customer=Customer(type="person", name=name)), FULL))
    assert "Ññ Łódź Ωμέγα Жанна" in text
    assert "COP 1.990.000,50" in text


def test_it_carries_the_logo() -> None:
    pdf = read(BAKERY, FULL, replace(HEAD, logo=LOGO))
    assert len(pdf.pages[0].images) == 1
