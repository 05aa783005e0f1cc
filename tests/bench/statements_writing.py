"""Statements written: loaded and laid out against laying out alone, and pages of PDF against setting them alone."""

from datetime import date
from io import BytesIO

import msgspec
from pypdf import PdfReader

from services.statements.domain.facts import Account
from services.statements.domain.speech import locale_of
from services.statements.domain.statement import state
from services.statements.outbound.letter import Letter, Sending
from services.statements.outbound.mail import write_mails
from services.statements.outbound.pdf import _compile, _data, write_pdf
from services.statements.outbound.rendering import render
from services.statements.outbound.showing import show
from services.statements.storage import ledger
from tests.bench.billing import customer_id
from tests.bench.figures import Figure, compare, per_second
from tests.bench.mailing import a_mailing
from tests.services.statements.house import House
from tests.services.statements.letters import BAKERY, FULL, HEAD, MANY, letter
from tests.support.ground import Ground

_CUSTOMERS = 1_000
_PAGE = 500
_DAY = date(2026, 3, 12)
_PAPERS = 40


async def measure(ground: Ground) -> list[Figure]:
    """Statements a second, and pages a second of short and long paper."""
    url = await ground.databases.create("statements")
    async with a_mailing(url, "http://127.0.0.1:9", _CUSTOMERS) as mailing:
        await mailing.hear()
        written = await _against_layout(mailing.house)
    return [written, await _paper("a page", BAKERY, _PAPERS), await _paper("130 invoices", MANY, _PAPERS // 4)]


async def _against_layout(house: House) -> Figure:
    ids = [customer_id(number) for number in range(_CUSTOMERS)]
    shown = show(_letter((await _accounts(house, ids[:1]))[0]), HEAD)

    async def layout() -> None:
        for _ in ids:
            render(shown, HEAD)

    async def everything() -> None:
        for start in range(0, len(ids), _PAGE):
            for account in await _accounts(house, ids[start : start + _PAGE]):
                write_mails(HEAD, _letter(account), Sending("d", "bench", "p"), [(1, "a@correo.co")])

    return await compare(
        "statements loaded and written against their layout alone",
        "statements/s",
        limit=lambda: per_second(_CUSTOMERS, layout()),
        product=lambda: per_second(_CUSTOMERS, everything()),
    )


async def _accounts(house: House, ids: list[str]) -> list[Account]:
    async with house.database.transaction() as connection:
        return list((await ledger.accounts(connection, ids)).values())


def _letter(account: Account) -> Letter:
    return Letter(
        customer_id=account.customer_id,
        customer=account.customer,
        locale=locale_of(account.customer),
        statement=state(account, FULL, _DAY, (30, 60, 90)),
        with_pdf=False,
    )


async def _paper(name: str, account: Account, papers: int) -> Figure:
    mine = letter(account, FULL)
    shown = show(mine, HEAD)
    data = msgspec.json.encode(_data(shown, HEAD)).decode()
    pages = papers * len(PdfReader(BytesIO(write_pdf(shown, HEAD))).pages)

    async def setting() -> None:
        for _ in range(papers):
            _compile(data, shown, to_the_standard=True)

    async def writing() -> None:
        for _ in range(papers):
            write_pdf(show(mine, HEAD), HEAD)

    return await compare(
        f"PDF of {name} against setting it alone",
        "pages/s",
        limit=lambda: per_second(pages, setting()),
        product=lambda: per_second(pages, writing()),
    )
