"""The gateway over SMTP: what it hands over, and what each way of failing says of the mail."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from services.statements.domain.sending import Answer
from services.statements.outbound.gateways import gateway_at
from services.statements.outbound.mail import Attachment, Mail
from tests.services.statements.house import House, SetClock, open_house
from tests.services.statements.sending import only
from tests.services.statements.smtp_server import ScriptedSmtp, Step, scripted_smtp
from tests.services.statements.thursday_run import PERIOD, debtor, outcomes, planned

MAIL = msgspec.json.encode(
    Mail(
        from_="Cartera Andina <cartera@andina.demo>",
        to="a@correo.demo",
        subject="Estado de cuenta · Señores",
        headers={"Message-ID": "<d.1@andina.demo>", "X-Cascada-Delivery": "d"},
        html='<p>¡Hola!</p><img src="cid:logo.png">',
        text=".¡Hola!\n.",
        attachments=[
            Attachment(filename="logo.png", content_type="image/png", content="YQ=="),
            Attachment(filename="a.csv", content_type="text/csv; charset=utf-8", content="YQ=="),
        ],
    )
)


@pytest.fixture
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    async with scripted_smtp() as server:
        yield server


async def send(server: ScriptedSmtp) -> Answer:
    async with gateway_at(f"smtp://usuario:clave@127.0.0.1:{server.port}", SetClock()) as gateway:
        assert not gateway.honours_keys
        return await gateway.send("d.1", MAIL)


async def test_a_mail_arrives_as_it_was_written(smtp: ScriptedSmtp) -> None:
    assert await send(smtp) == Answer("accepted", 250)
    [mail] = smtp.taken
    assert smtp.recipients == [["a@correo.demo"]]
    assert (mail["subject"], mail["message-id"]) == ("Estado de cuenta · Señores", "<d.1@andina.demo>")
    assert (mail["date"], mail["x-cascada-delivery"]) == ("Tue, 10 Mar 2026 14:00:00 +0000", "d")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "<p>¡Hola!</p>" in html.get_content()
    assert text.get_content().strip().splitlines()[0] == "..¡Hola!"
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("a.csv", "text/csv")
    assert [part.get_content_type() for part in mail.walk() if part["content-id"] == "<logo.png>"] == ["image/png"]


@pytest.mark.parametrize(
    ("step", "says", "answer"),
    [
        ("connect", "421 busy", Answer("not_sent", 421)),
        ("connect", "554 go away", Answer("not_sent", 554)),
        ("auth", "535 who are you", Answer("not_sent", 535)),
        ("mail", "451 later", Answer("not_sent", 451)),
        ("rcpt", "450 full", Answer("not_sent", 450)),
        ("rcpt", "550 no such user", Answer("rejected", 550)),
        ("data", "451 later", Answer("not_sent", 451)),
        ("content", "452 no room", Answer("not_sent", 452)),
        ("content", "554 spam", Answer("rejected", 554)),
    ],
)
async def test_what_the_server_says_of_the_mail_counts(
    smtp: ScriptedSmtp, step: Step, says: str, answer: Answer
) -> None:
    smtp.says = {step: says}
    assert await send(smtp) == answer


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("connect", Answer("not_sent")),
        ("mail", Answer("not_sent")),
        ("rcpt", Answer("not_sent")),
        ("content", Answer("doubt", reason="timeout")),
    ],
)
async def test_what_breaks_off_before_the_content_was_not_sent_and_after_it_is_doubt(
    smtp: ScriptedSmtp, step: Step, answer: Answer
) -> None:
    smtp.hangs_up_at = step
    assert await send(smtp) == answer
    assert len(smtp.taken) == (step == "content")


async def test_a_server_that_is_away_is_no_doubt() -> None:
    async with gateway_at("smtp://127.0.0.1:9", SetClock()) as gateway:
        assert await gateway.send("d.1", MAIL) == Answer("not_sent")


@pytest.fixture
async def house(statements_database: str, smtp: ScriptedSmtp) -> AsyncIterator[House]:
    """A house that sends over SMTP; that its deployment claims keys are honoured makes no difference."""
    async with open_house(statements_database, gateway_url=f"smtp://127.0.0.1:{smtp.port}") as opened:
        yield opened


async def test_a_cut_after_the_final_dot_is_never_repeated(house: House, smtp: ScriptedSmtp) -> None:
    await planned(house, debtor("a"), debtor("b"))
    smtp.hangs_up_at = "content"
    await house.work()
    smtp.hangs_up_at = None
    for _ in range(3):
        await house.skip_pauses()
        await house.work()
    found = await house.deliveries(await house.run_of("r", PERIOD))
    assert outcomes(found) == {"a": ("unknown", "timeout"), "b": ("unknown", "timeout")}
    assert sorted(to for [to] in smtp.recipients) == ["a@correo.demo", "b@correo.demo"]


async def test_each_address_is_a_transaction_of_its_own(house: House, smtp: ScriptedSmtp) -> None:
    await planned(house, debtor("a", emails=("dos@correo.demo",)))
    await house.work()
    delivery_id = (await only(house))["delivery_id"]
    assert sorted(smtp.recipients) == [["a@correo.demo"], ["dos@correo.demo"]]
    assert sorted(mail["message-id"] for mail in smtp.taken) == [f"<{delivery_id}.{n}@andina.demo>" for n in (1, 2)]
