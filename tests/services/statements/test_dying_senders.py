"""A worker dies before, during or after a call of the gateway: nobody gets two mails, and doubt is seen."""

import asyncio

import pytest

from services.statements.domain.sending import Answer
from tests.services.statements.house import House
from tests.services.statements.sending import claimed, keep, only
from tests.services.statements.thursday_run import PERIOD, debtor, outcomes, planned
from tests.support.eventually import eventually


async def test_a_worker_that_dies_before_the_call_leaves_doubt_that_a_repeat_settles(house: House) -> None:
    await claimed(house)
    await house.work()
    assert (await only(house))["state"] == "sending"
    await house.skip_pauses()
    assert await house.steps().send_mails.settle_lost()
    delivery = await only(house)
    assert (delivery["state"], delivery["reason"]) == ("unknown", "lease_lost")
    await house.skip_pauses()
    await house.work()
    assert len(house.mails) == 1
    assert (await only(house))["state"] == "delivered"


async def test_a_worker_that_dies_after_the_call_does_not_make_a_second_mail(house: House) -> None:
    for mail in await claimed(house):
        await house.gateway.send(f"{mail.delivery_id}.{mail.n}", mail.mail)
    assert len(house.mails) == 1
    await house.skip_pauses()
    await house.work()
    await house.skip_pauses()
    await house.work()
    assert len(house.mails) == 1
    assert (await only(house))["state"] == "delivered"


async def test_a_worker_that_dies_leaves_doubt_for_a_person_where_keys_are_not_honoured(forgetful: House) -> None:
    await claimed(forgetful)
    await forgetful.skip_pauses()
    await forgetful.work()
    await forgetful.skip_pauses()
    await forgetful.work()
    delivery = await only(forgetful)
    assert (delivery["state"], delivery["reason"]) == ("unknown", "lease_lost")
    assert forgetful.mails == []


async def test_an_answer_that_comes_after_the_lease_was_lost_still_counts(house: House) -> None:
    [mail] = await claimed(house)
    await house.skip_pauses()
    await house.steps().send_mails.settle_lost()
    await keep(house, mail, Answer("accepted", 202))
    assert (await only(house))["state"] == "accepted"
    await house.skip_pauses()
    await house.work()
    assert house.mails == []


async def test_a_cancel_reaches_what_was_given_back(house: House) -> None:
    steps = house.steps()
    await steps.send_mails.give_back(await claimed(house))
    run = await house.run_of("r", PERIOD)
    assert (await house.http.post(f"/v1/runs/{run['run_id']}/cancel")).status_code == 200
    await house.work()
    assert outcomes(await house.deliveries(run)) == {"a": ("skipped", "run_cancelled")}
    assert house.mails == []


async def test_without_keys_no_more_is_claimed_than_is_called_at_once(forgetful: House) -> None:
    """All that is claimed when a worker dies stays in doubt for a person."""
    await planned(forgetful, *(debtor(f"c{number:02}") for number in range(25)))
    steps, under_way = forgetful.steps(), list[int]()
    await steps.prepare_mails()

    async def send(key: str, mail: bytes) -> Answer:
        under_way.append((await forgetful.run_of("r", PERIOD))["counts"]["sending"])
        return Answer("accepted", 202)

    steps.send_mails.send = send
    while await steps.send_mails():
        pass
    assert (len(under_way), max(under_way)) == (25, 10)


async def test_without_keys_what_was_answered_is_noted_while_others_are_under_way(forgetful: House) -> None:
    """A worker that dies then leaves in doubt what was in flight, and nothing else."""
    await planned(forgetful, *(debtor(f"c{number}") for number in range(9)))
    steps, answers = forgetful.steps(), asyncio.Event()
    await steps.prepare_mails()
    first: list[str] = []

    async def send(key: str, mail: bytes) -> Answer:
        first.append(key)
        if key == first[0]:
            await answers.wait()
        return Answer("accepted", 202)

    async def under_way() -> tuple[int, int]:
        counts = (await forgetful.run_of("r", PERIOD))["counts"]
        return counts["sending"], counts["accepted"]

    async def only_one_is_under_way() -> bool:
        return await under_way() == (1, 8)

    steps.send_mails.send = send
    sending = asyncio.create_task(steps.send_mails())
    await eventually(only_one_is_under_way)
    answers.set()
    assert await sending
    assert await under_way() == (0, 9)


async def test_after_a_claim_of_what_must_not_go_any_more_the_next_is_taken_at_once(house: House) -> None:
    steps = house.steps()
    await planned(house, debtor("a"))
    await steps.prepare_mails()
    run = await house.run_of("r", PERIOD)
    assert (await house.http.post(f"/v1/runs/{run['run_id']}/cancel")).status_code == 200
    assert (await steps.send_mails(), await steps.send_mails()) == (True, False)


async def test_preparing_is_whole_or_not_at_all(house: House) -> None:
    """A worker that dies while it prepares leaves the delivery as it was; another one sends it, once."""
    await planned(house, debtor("a"))
    steps = house.steps()

    def dies(*_: object) -> list[bytes]:
        raise SystemExit

    object.__setattr__(steps.prepare_mails, "write_mails", dies)
    with pytest.raises(SystemExit):
        await steps.prepare_mails()
    assert (await only(house))["addresses"] == []
    await house.work()
    assert len(house.mails) == 1
