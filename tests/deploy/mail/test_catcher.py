"""The mail catcher over its real ports: contract.md, *Mail catcher* and *Towards the mail gateway*."""

import asyncio
import base64
import hashlib
import hmac
import smtplib
import uuid
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from tests.deploy.mail.conftest import SECRET
from tests.deploy.mail.hearer import Hearer
from tests.support.eventually import eventually


def a_mail(to: str = "ana@andina.example", **changes: Any) -> dict[str, Any]:
    return {
        "from": "cartera@andina.example",
        "to": to,
        "subject": "Estado de cuenta de marzo",
        "headers": {"X-Cascada-Delivery": str(uuid.uuid4())},
        "html": '<html lang="es"><p>Saldo</p></html>',
        "text": "Saldo",
        "attachments": [],
        **changes,
    }


def a_key() -> dict[str, str]:
    return {"Idempotency-Key": f"{uuid.uuid4()}.1"}


async def counted(catcher: httpx.AsyncClient) -> dict[str, int]:
    return dict((await catcher.get("/stats")).json())


async def inbox(catcher: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    return list((await catcher.get("/messages", params=query)).json()["items"])


async def test_a_key_is_taken_once_and_its_repeat_has_the_same_id(catcher: httpx.AsyncClient) -> None:
    mail, key = a_mail(), a_key()
    first = await catcher.post("/send", json=mail, headers=key)
    again = await catcher.post("/send", json=mail, headers=key)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert len(await inbox(catcher)) == 1


async def test_a_key_with_other_bytes_is_refused(catcher: httpx.AsyncClient) -> None:
    mail, key = a_mail(), a_key()
    await catcher.post("/send", json=mail, headers=key)
    other = await catcher.post("/send", json={**mail, "text": "Otro saldo"}, headers=key)
    assert other.status_code == 409
    assert [one["text"] for one in await inbox(catcher)] == ["Saldo"]


async def test_a_body_that_is_no_mail_is_refused(catcher: httpx.AsyncClient) -> None:
    refused = await catcher.post("/send", json={"to": ["a@b.example", "c@d.example"]}, headers=a_key())
    assert refused.status_code == 422
    assert await inbox(catcher) == []


async def test_a_message_shows_everything_that_was_sent(catcher: httpx.AsyncClient) -> None:
    content = "año;saldo\n".encode()
    file = {"filename": "saldo año.csv", "content_type": "text/csv", "content": base64.b64encode(content).decode()}
    mail = a_mail(attachments=[file])
    sent = await catcher.post("/send", json=mail, headers=a_key())
    [shown] = await inbox(catcher, to="ANA@andina.example", subject="estado de CUENTA")
    assert shown.pop("received_at").endswith("Z")
    assert shown == {
        **mail,
        "id": sent.json()["id"],
        "to": ["ana@andina.example"],
        "attachments": [{"filename": "saldo año.csv", "content_type": "text/csv", "size": len(content)}],
    }
    kept = await catcher.get(f"/messages/{shown['id']}/attachments/0")
    assert kept.content == content


async def test_messages_are_found_by_whole_address_and_paged(catcher: httpx.AsyncClient) -> None:
    for number in range(3):
        await catcher.post("/send", json=a_mail(subject=f"Aviso {number}"))
    await catcher.post("/send", json=a_mail(to="mariana@andina.example"))
    first = (await catcher.get("/messages", params={"to": "ana@andina.example", "limit": 2})).json()
    rest = await catcher.get("/messages", params={"to": "ana@andina.example", "cursor": first["next_cursor"]})
    assert [one["subject"] for one in first["items"]] == ["Aviso 0", "Aviso 1"]
    assert [one["subject"] for one in rest.json()["items"]] == ["Aviso 2"]
    assert rest.json()["next_cursor"] is None


async def test_deleting_empties_the_inbox_and_keys_stay_taken(catcher: httpx.AsyncClient) -> None:
    mail, key = a_mail(), a_key()
    await catcher.post("/send", json=mail, headers=key)
    assert (await catcher.delete("/messages")).status_code == 204
    assert (await catcher.post("/send", json=mail, headers=key)).status_code == 200
    assert await inbox(catcher) == []


@pytest.mark.parametrize(("mode", "status", "count"), [("reject_429", 429, "rejected"), ("fail_500", 500, "failed")])
async def test_a_refusing_fault_stores_nothing(catcher: httpx.AsyncClient, mode: str, status: int, count: str) -> None:
    before = await counted(catcher)
    await catcher.put("/faults", json={"mode": mode, "rate": 1, "seconds": 3})
    answer = await catcher.post("/send", json=a_mail(), headers=a_key())
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("3" if status == 429 else None)
    assert await inbox(catcher) == []
    assert await counted(catcher) == {**before, count: before[count] + 1}


async def test_accept_then_drop_stores_the_mail_and_hangs_up(catcher: httpx.AsyncClient) -> None:
    mail, key, before = a_mail(), a_key(), await counted(catcher)
    await catcher.put("/faults", json={"mode": "accept_then_drop", "rate": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        await catcher.post("/send", json=mail, headers=key)
    await catcher.put("/faults", json={"mode": "none"})
    assert (await catcher.post("/send", json=mail, headers=key)).status_code == 200
    assert len(await inbox(catcher)) == 1
    after = await counted(catcher)
    assert after == {**before, **{name: before[name] + 1 for name in ("accepted", "dropped", "repeated")}}


async def test_delay_stores_the_mail_and_answers_late(catcher: httpx.AsyncClient) -> None:
    before = await counted(catcher)
    await catcher.put("/faults", json={"mode": "delay", "rate": 1, "seconds": 60})
    with pytest.raises(httpx.ReadTimeout):
        await catcher.post("/send", json=a_mail(), headers=a_key(), timeout=0.3)
    assert len(await inbox(catcher)) == 1
    assert (await counted(catcher))["delayed"] == before["delayed"] + 1


async def test_a_fault_hits_its_share_of_calls(catcher: httpx.AsyncClient) -> None:
    await catcher.put("/faults", json={"mode": "fail_500", "rate": 0.5})
    statuses = [(await catcher.post("/send", json=a_mail())).status_code for _ in range(100)]
    assert 20 < statuses.count(500) < 80
    assert set(statuses) == {202, 500}


async def test_an_unknown_fault_is_refused(catcher: httpx.AsyncClient) -> None:
    assert (await catcher.put("/faults", json={"mode": "explode"})).status_code == 422


async def test_delivered_is_told_signed_and_once(catcher: httpx.AsyncClient, hearer: Hearer) -> None:
    mail, key = a_mail(), a_key()
    await catcher.post("/send", json=mail, headers=key)
    await catcher.post("/send", json=mail, headers=key)
    delivery_id = mail["headers"]["X-Cascada-Delivery"]
    await eventually(lambda: hearer.events_of(delivery_id))
    [call] = [call for call in hearer.calls if call.event["delivery_id"] == delivery_id]
    at, _, code = call.signature.removeprefix("t=").partition(",v1=")
    assert call.path == "/v1/gateway-events/local"
    assert code == hmac.new(SECRET.encode(), f"{at}.".encode() + call.body, hashlib.sha256).hexdigest()
    assert {key: call.event[key] for key in ("type", "address")} == {
        "type": "delivered",
        "address": "ana@andina.example",
    }
    assert set(call.event) == {"event_id", "type", "delivery_id", "address", "at"}


@pytest.mark.parametrize(
    ("address", "types"),
    [("rebota.1@andina.example", ["bounced"]), ("queja@andina.example", ["delivered", "complained"])],
)
async def test_special_addresses(catcher: httpx.AsyncClient, hearer: Hearer, address: str, types: list[str]) -> None:
    mail = a_mail(to=address)
    await catcher.post("/send", json=mail, headers=a_key())
    delivery_id = mail["headers"]["X-Cascada-Delivery"]
    await eventually(lambda: [event["type"] for event in hearer.events_of(delivery_id)] == types)
    assert [event.get("bounce") for event in hearer.events_of(delivery_id)][-1] == (
        "hard" if types == ["bounced"] else None
    )


async def test_an_event_is_told_again_until_it_is_heard(catcher: httpx.AsyncClient, hearer: Hearer) -> None:
    mail = a_mail()
    hearer.refusals = 2
    await catcher.post("/send", json=mail, headers=a_key())
    delivery_id = mail["headers"]["X-Cascada-Delivery"]
    await eventually(lambda: len(hearer.events_of(delivery_id)) == 3)
    assert len({event["event_id"] for event in hearer.events_of(delivery_id)}) == 1


async def test_a_mail_without_a_delivery_is_nobody_elses_business(catcher: httpx.AsyncClient, hearer: Hearer) -> None:
    stray, known = a_mail(to="prueba@andina.example", headers={}), a_mail()
    await catcher.post("/send", json=stray)
    await catcher.post("/send", json=known)
    await eventually(lambda: hearer.events_of(known["headers"]["X-Cascada-Delivery"]))
    assert not [call for call in hearer.calls if call.event["address"] == "prueba@andina.example"]


async def test_a_mail_by_smtp_is_taken_like_any_other(
    catcher: httpx.AsyncClient, ports: dict[str, str], hearer: Hearer
) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "cartera@andina.example", "ana@andina.example"
    message["Subject"], message["X-Cascada-Delivery"] = "Facturas vencidas: ñandú", "by-smtp"
    message.set_content("Texto")
    message.add_alternative("<p>Hola</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="estado.pdf")
    await asyncio.to_thread(send_by_smtp, message, int(ports["SMTP_PORT"]))
    [shown] = await inbox(catcher, subject="ñandú")
    assert (shown["text"].strip(), shown["html"].strip()) == ("Texto", "<p>Hola</p>")
    assert shown["attachments"] == [{"filename": "estado.pdf", "content_type": "application/pdf", "size": 4}]
    await eventually(lambda: [event["type"] for event in hearer.events_of("by-smtp")] == ["delivered"])


def send_by_smtp(message: EmailMessage, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message)


async def test_the_page_shows_a_mail_without_letting_it_act(catcher: httpx.AsyncClient) -> None:
    html = "<script>alert(1)</script><p>Saldo</p>"
    sent = await catcher.post("/send", json=a_mail(subject="<b>Saldo</b>", html=html))
    listed = (await catcher.get("/")).text
    page = await catcher.get(f"/mails/{sent.json()['id']}")
    assert "&lt;b&gt;Saldo&lt;/b&gt;" in listed
    assert " sandbox " in page.text
    assert "<script>" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_the_page_shows_the_images_that_a_mail_brings(catcher: httpx.AsyncClient) -> None:
    image = {"filename": "logo.png", "content_type": "image/png", "content": "iVBORw0KGgo="}
    html = '<html lang="es"><img src="cid:logo.png"><img src="cid:other.png"></html>'
    sent = await catcher.post("/send", json=a_mail(html=html, attachments=[image]), headers=a_key())
    page = (await catcher.get(f"/mails/{sent.json()['id']}")).text
    assert "data:image/png;base64,iVBORw0KGgo=" in page
    assert "cid:logo.png" not in page
    assert "cid:other.png" in page
