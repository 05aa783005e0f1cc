"""Mails being sent, step by step: what the gateway is to answer, and what became of the one delivery."""

from dataclasses import replace
from typing import Any

from deploy.local.mail.faults import Faults, Mode
from services.statements.domain.sending import Answer
from services.statements.storage.addresses import DueMail
from services.statements.usecases.send_mails import Called
from tests.services.statements.house import House
from tests.services.statements.thursday_run import PERIOD, debtor, planned


async def only(house: House) -> dict[str, Any]:
    """The one delivery of the run."""
    [delivery] = (await house.deliveries(await house.run_of("r", PERIOD))).values()
    return delivery


def fail(house: House, mode: Mode, *, rate: float = 1.0, seconds: float = 1) -> None:
    house.catcher.faults = Faults(mode=mode, rate=rate, seconds=seconds)


def say_nothing(house: House) -> None:
    """The gateway's webhooks do not come, so that only its answers settle anything."""
    house.catcher.teller = replace(house.catcher.teller)
    house.catcher.teller.tell = lambda mail: None  # type: ignore[method-assign]


async def attempts(house: House) -> list[tuple[str, int | None]]:
    [address] = (await only(house))["addresses"]
    return [(attempt["outcome"], attempt["status"]) for attempt in address["attempts"]]


async def claimed(house: House, **known: Any) -> list[DueMail]:
    """A worker has noted a mail as being sent."""
    await planned(house, debtor("a", **known))
    steps = house.steps()
    await steps.prepare_mails()
    return (await steps.send_mails.claim()).mails


async def keep(house: House, mail: DueMail, answer: Answer) -> None:
    """The gateway has answered the first attempt of a claimed mail."""
    await house.steps().send_mails.keep([Called(mail.delivery_id, mail.n, 1, answer, mail.window_ends_at)])
