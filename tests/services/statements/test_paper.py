"""HTML, text, PDF, CSV and JSON of a statement say the same, and are kept exactly as they were sent."""

import csv
import io
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from pypdf import PdfReader

from services.statements.outbound.words import money_words
from tests.journeys.statement_wire import figures_json, told_figures
from tests.oracle.accounts import account, an_invoice, disputed
from tests.oracle.facts import Account
from tests.oracle.statement import Figures, full_statement, overdue_statement
from tests.services.statements.histories import somebody
from tests.services.statements.house import House, open_house
from tests.services.statements.letters import LOGO
from tests.services.statements.thursday_run import PERIOD, debtor, due

TODAY = date(2026, 3, 10)


def _pdf_text(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def amounts_of(figures: Figures) -> list[str]:
    """Every amount that a reader must find, as Colombia writes it."""
    found = [line.balance for line in figures.lines] + [line.amount for line in figures.lines]
    found += [movement.amount for movement in figures.movements or []]
    found += [amount for amount in (figures.opening, figures.closing) if amount is not None]
    found += [figures.total, *figures.aging.values()] if figures.total else []
    found += [figures.unapplied_credit] if figures.unapplied_credit else []
    return [money_words(amount, figures.currency, "es-CO") for amount in found]


@pytest.mark.parametrize("seed", range(30, 32))
async def test_every_part_of_a_mail_shows_the_recomputed_amounts(house: House, seed: int) -> None:
    random = Random(seed)
    people = {f"c-{number:03}": somebody(f"c-{number:03}", random, TODAY, longest=20) for number in range(8)}
    for name, one in people.items():
        await house.know(replace(one, customer=replace(one.customer, email=f"{name}@correo.demo")))
    await house.put_rule("r", content={"type": "full", "paid_within_days": 60})
    await house.put_rule("s", content={"type": "overdue", "min_days_overdue": 5})
    await due(house)
    day = date(2026, 3, 12)
    for name, one in people.items():
        await assert_shown(house, "r", name, one, full_statement(one, day, 60))
        await assert_shown(house, "s", name, one, overdue_statement(one, day, 5))


async def assert_shown(house: House, rule_id: str, name: str, one: Account, expected: list[Figures]) -> None:
    """A customer's mail has the figures in JSON, and all their amounts in every part; without figures there is none."""
    delivery = (await house.deliveries(await house.run_of(rule_id, PERIOD)))[name]
    if not expected:
        assert (delivery["state"], delivery["reason"]) == ("skipped", "nothing_to_state")
        return
    content = await house.get(f"/deliveries/{delivery['delivery_id']}/content")
    told = content["statement"]["currencies"]
    assert [told_figures(each) for each in told] == [figures_json(one, figures) for figures in expected]
    [pdf] = content["attachments"]
    for words in (content["html"], content["text"], _pdf_text(b64decode(pdf["content"]))):
        for amount in (amount for figures in expected for amount in amounts_of(figures)):
            assert amount in " ".join(words.split())


async def test_what_was_sent_is_kept_to_the_byte(house: House) -> None:
    invoices = [an_invoice("10", issued_on=date(2026, 1, 5), invoice_id=f"f{n:03}") for n in range(101)]
    await house.know(account(*invoices, customer_id="a", email="a@correo.demo", language="en"))
    await house.put_rule("r")
    run = await due(house)
    [delivery] = (await house.deliveries(run)).values()
    [mail] = house.mails
    path = f"/deliveries/{delivery['delivery_id']}/content"
    content = await house.get(path)
    assert (content["subject"], content["from"], content["to"]) == (mail.subject, mail.sender, ["a@correo.demo"])
    assert (content["html"], content["text"], content["headers"]) == (mail.html, mail.text, mail.headers)
    assert (mail.headers["X-Cascada-Rule"], mail.headers["X-Cascada-Period"]) == ("r", PERIOD)
    assert [one["filename"] for one in content["attachments"]] == [file.filename for file in mail.attachments]
    pdf, table = mail.attachments
    assert (pdf.filename, pdf.content_type) == ("account-statement-2026-03-12.pdf", "application/pdf")
    assert (table.filename, table.content_type) == ("invoices-2026-03-12.csv", "text/csv")
    for name, sent in (
        ("html", mail.html.encode()),
        ("text", mail.text.encode()),
        ("pdf", pdf.content),
        ("csv", table.content),
    ):
        answer = await house.http.get(f"/v1{path}", params={"part": name})
        assert answer.content == sent
    [figures] = content["statement"]["currencies"]
    assert (figures["closing"], len(figures["lines"])) == ("1010.00", 101)
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [(row["invoice_id"], row["balance"]) for row in rows] == [
        (line["invoice_id"], line["balance"]) for line in figures["lines"]
    ]
    for words in (mail.html, mail.text, _pdf_text(pdf.content)):
        assert "COP 1,010.00" in words


async def test_a_part_that_was_not_sent_is_404(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", attach_pdf=False)
    run = await due(house)
    [delivery] = (await house.deliveries(run)).values()
    [mail] = house.mails
    assert mail.attachments == ()
    for name in ("pdf", "csv"):
        answer = await house.http.get(f"/v1/deliveries/{delivery['delivery_id']}/content", params={"part": name})
        assert (answer.status_code, answer.json()["code"]) == (404, "no_part")


async def test_a_rule_attaches_the_pdf_unless_it_says_no(house: House) -> None:
    await house.know(debtor("a"))
    assert (await house.put_rule("r")).json()["attach_pdf"] is True
    assert (await house.put_rule("s", attach_pdf=False)).json()["attach_pdf"] is False
    await due(house)
    assert sorted(len(mail.attachments) for mail in house.mails) == [0, 1]


async def test_mails_and_statements_bring_the_logo(statements_database: str, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO.content)
    async with open_house(statements_database, company_logo_file=tmp_path / "logo.png") as house:
        await house.know(debtor("a"))
        await house.put_rule("r", attach_pdf=False)
        await due(house)
        [mail] = house.mails
        [logo] = mail.attachments
        assert (logo.filename, logo.content_type, logo.content) == ("logo.png", "image/png", LOGO.content)
        assert '"cid:logo.png"' in mail.html
        answer = await house.http.get("/v1/customers/a/statement", params={"format": "html"})
        assert '<img src="data:image/png;base64,' in answer.text
        assert "img-src data:" in answer.headers["content-security-policy"]


async def test_a_disputed_invoice_is_marked_while_the_dispute_is_open(house: House) -> None:
    opened = disputed("f1", on=TODAY - timedelta(days=3), dispute_id="d")
    one = account(
        an_invoice("10", issued_on=date(2026, 1, 5), invoice_id="f1"),
        an_invoice("20", issued_on=date(2026, 1, 6), invoice_id="f2"),
        opened,
        customer_id="ana",
    )
    await house.know(one)
    assert "En reclamación" in await html_of(house)
    [figures] = (await house.get("/customers/ana/statement"))["currencies"]
    assert [(line["invoice_id"], line["disputed"]) for line in figures["lines"]] == [("f1", True), ("f2", False)]
    one.facts.append(disputed("f1", on=opened.opened_on, dispute_id="d", closed_on=TODAY))
    await house.know(one)
    assert "En reclamación" not in await html_of(house)


async def html_of(house: House) -> str:
    answer = await house.http.get("/v1/customers/ana/statement", params={"format": "html"})
    return answer.text


async def test_a_statement_is_to_be_had_as_a_pdf(house: House) -> None:
    await house.know(debtor("ana"))
    answer = await house.http.get("/v1/customers/ana/statement", params={"format": "pdf"})
    assert answer.headers["content-type"] == "application/pdf"
    assert "COP 100,00" in _pdf_text(answer.content)
