"""The send ledger: whatever fails, and wherever a worker dies, nobody gets two mails and every miss is visible."""

from collections.abc import Sequence

import pytest

from deploy.local.mail.faults import Mode
from services.statements.domain.sending import Answer
from services.statements.outbound.gateways import gateway_at
from services.statements.outbound.letter import Letter, Sending
from tests.services.statements.house import House, addresses
from tests.services.statements.sending import attempts, fail, only, say_nothing
from tests.services.statements.thursday_run import PERIOD, debtor, due, outcomes, planned

__all__ = ["say_nothing"]  # the fault run's tests take it from here


async def test_a_busy_gateway_is_tried_again_until_it_takes_the_mail(house: House) -> None:
    await planned(house, debtor("a"))
    fail(house, "reject_429", seconds=0)
    await house.work()
    delivery = await only(house)
    assert (delivery["state"], delivery["accepted_at"]) == ("retry_wait", None)
    assert (await house.run_of("r", PERIOD))["state"] == "running"
    fail(house, "none")
    await house.skip_pauses()
    await house.work()
    assert await attempts(house) == [("not_sent", 429), ("accepted", 202)]
    assert (await house.run_of("r", PERIOD))["state"] == "finished"


async def test_a_gateway_that_is_away_is_no_doubt(house: House) -> None:
    await planned(house, debtor("a"))

    async def away(key: str, mail: bytes) -> Answer:
        async with gateway_at("http://127.0.0.1:9", house.clock) as nobody:
            return await nobody.send(key, mail)

    steps = house.steps()
    object.__setattr__(steps.send_mails, "send", away)
    await house.work(steps)
    assert (await only(house))["state"] == "retry_wait"
    assert await attempts(house) == [("not_sent", None)]


async def test_when_the_window_has_ended_it_is_given_up_and_told(house: House) -> None:
    await planned(house, debtor("a"), catch_up_hours=1)
    fail(house, "reject_429", seconds=0)
    await house.work()
    for minute in range(1, 62):
        house.clock.set(f"2026-03-12T{9 + minute // 60:02}:{minute % 60:02}:00-05:00")
        await house.steps().advance_runs()
    await house.skip_pauses()
    await house.work()
    delivery = await only(house)
    assert (delivery["state"], delivery["reason"]) == ("failed", "gave_up")
    [told] = await house.told()
    assert (told.type, told.key, told.data["reason"]) == ("statement.failed", "a", "gave_up")
    assert told.data["totals"] == [{"amount": "100.00", "currency": "COP"}]
    assert house.mails == []


async def test_a_refused_mail_has_failed(house: House) -> None:
    await planned(house, debtor("a", email="no es una dirección@x"))
    await house.work()
    delivery = await only(house)
    assert (delivery["state"], delivery["reason"]) == ("failed", "rejected")
    assert await attempts(house) == [("rejected", 422)]


@pytest.mark.parametrize(
    ("mode", "reason", "first", "second"),
    [
        ("fail_500", "server_error", ("server_error", 500), ("accepted", 202)),
        ("accept_then_drop", "timeout", ("timeout", None), ("accepted", 200)),
    ],
)
async def test_doubt_is_repeated_with_the_same_key_and_bytes(
    house: House, mode: Mode, reason: str, first: tuple[str, int | None], second: tuple[str, int | None]
) -> None:
    say_nothing(house)
    await planned(house, debtor("a"))
    fail(house, mode)
    await house.work()
    delivery = await only(house)
    assert (delivery["state"], delivery["reason"]) == ("unknown", reason)
    assert (await house.run_of("r", PERIOD))["state"] == "running"
    fail(house, "none")
    await house.skip_pauses()
    await house.work()
    assert await attempts(house) == [first, second]
    assert (await only(house))["state"] == "accepted"
    assert len(house.mails) == 1


async def test_without_keys_doubt_stays_and_nothing_is_repeated(forgetful: House) -> None:
    house = forgetful
    await planned(house, debtor("a"))
    fail(house, "fail_500")
    await house.work()
    fail(house, "none")
    await house.skip_pauses()
    await house.work()
    delivery = await only(house)
    assert (delivery["state"], delivery["reason"]) == ("unknown", "server_error")
    assert house.mails == []
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["counts"]["unknown"]) == ("finished", 1)
    assert await house.told() == []


async def test_a_random_storm_of_faults_never_sends_twice(house: House) -> None:
    say_nothing(house)
    await planned(house, *(debtor(f"c{number:02}") for number in range(12)))
    modes: list[Mode] = ["fail_500", "accept_then_drop", "reject_429", "fail_500", "accept_then_drop", "none"]
    for mode in modes:
        fail(house, mode, rate=0.7, seconds=0)
        await house.work()
        await house.skip_pauses()
    fail(house, "none")
    await house.work()
    assert addresses(house.mails) == [f"c{number:02}@correo.demo" for number in range(12)]
    assert (await house.run_of("r", PERIOD))["state"] == "finished"
    sent = [told.key for told in await house.told() if told.type == "statement.sent"]
    assert sorted(sent) == sorted(set(sent)) == [f"c{number:02}" for number in range(12)]


@pytest.mark.parametrize(
    ("before", "state"), [("none", "planned"), ("reject_429", "retry_wait"), ("fail_500", "unknown")]
)
async def test_a_mail_that_was_not_called_in_time_waits_as_before(
    house: House, monkeypatch: pytest.MonkeyPatch, before: Mode, state: str
) -> None:
    await planned(house, debtor("a"))
    steps = house.steps()
    await steps.prepare_mails()
    if before != "none":
        fail(house, before, seconds=0)
        await steps.send_mails()
        await house.skip_pauses()
        fail(house, "none")
    tried = await attempts(house)
    with monkeypatch.context() as slow:
        slow.setattr("services.statements.usecases.send_mails._CALLED_WITHIN", -1.0)
        assert await steps.send_mails()
    assert ((await only(house))["state"], await attempts(house)) == (state, tried)
    await house.work()
    assert [outcome for outcome, _ in await attempts(house)][len(tried) :] == ["accepted"]
    assert len(house.mails) == 1


async def test_each_usable_address_gets_its_own_mail_and_the_others_are_listed(house: House) -> None:
    several = debtor("a", email="uno@correo.demo", emails=("test@test.com", "dos@correo.demo", " UNO@correo.demo"))
    await house.know(several)
    await house.put_rule("r")
    await due(house)
    delivery = await only(house)
    assert [(one["address"], one["state"], one["reason"]) for one in delivery["addresses"]] == [
        ("uno@correo.demo", "delivered", None),
        ("test@test.com", "skipped", "placeholder_address"),
        ("dos@correo.demo", "delivered", None),
    ]
    assert [mail.to for mail in house.mails] == [("uno@correo.demo",), ("dos@correo.demo",)]
    ids = [mail.headers["Message-ID"] for mail in house.mails]
    assert ids == [f"<{delivery['delivery_id']}.{n}@andina.demo>" for n in (1, 3)]
    assert [told.type for told in await house.told()] == ["statement.sent"]


async def test_what_is_not_there_is_404(house: House) -> None:
    await house.know(debtor("sin", email=None))
    await house.put_rule("r")
    run = await due(house)
    [skipped] = (await house.deliveries(run)).values()
    assert outcomes({"sin": skipped}) == {"sin": ("skipped", "no_address")}
    for path in (
        f"/deliveries/{skipped['delivery_id']}/content",
        "/deliveries/nobody",
        "/runs/none",
        "/runs/none/deliveries",
        "/rules/none/occurrences",
        "/customers/nobody/statement",
    ):
        answer = await house.http.get(f"/v1{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_letter_that_cannot_be_written_fails_alone(house: House) -> None:
    await planned(house, debtor("a"), debtor("b"), debtor("c"))
    steps = house.steps()
    write = steps.prepare_mails.write_mails

    def write_but_for_b(letter: Letter, sending: Sending, to: Sequence[tuple[int, str]]) -> list[bytes]:
        if letter.customer_id == "b":
            raise ValueError("no template takes this")
        return write(letter, sending, to)

    object.__setattr__(steps.prepare_mails, "write_mails", write_but_for_b)
    await house.work(steps)
    run = await house.run_of("r", PERIOD)
    found = {one["customer_id"]: (one["state"], one["reason"]) for one in (await house.deliveries(run)).values()}
    assert found == {"a": ("delivered", None), "b": ("failed", "not_written"), "c": ("delivered", None)}
    assert run["state"] == "finished"
    assert [(told.key, told.data["reason"]) for told in await house.told() if told.type == "statement.failed"] == [
        ("b", "not_written")
    ]
