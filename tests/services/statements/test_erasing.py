"""Archived customers get nothing; of erased ones nothing personal is left, and what was due to them is not sent."""

import msgspec
from sqlalchemy import text

from services.statements.domain.sending import Answer, Outcome, without_mail
from services.statements.usecases.send_mails import Called
from shared.contracts import customers_snapshots, customers_v1
from shared.messaging.batch import Record, Unreadable
from shared.messaging.hearing import set_aside
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account, an_invoice
from tests.oracle.facts import Account
from tests.services.statements import telling
from tests.services.statements.house import House, Steps
from tests.services.statements.telling import Said, registered, told
from tests.services.statements.test_hearing import DAY

PERIOD = "2026-W11-thu"


def ana() -> Account:
    return account(
        an_invoice("900", issued_on=DAY, invoice_id="f1"),
        customer_id="ana",
        name="Ana Personal",
        email="ana@correo.demo",
        emails=("rechaza@correo.demo",),
    )


def erased(seq: int) -> Said:
    payload = customers_v1.CustomerErased(customer_id="ana")
    return Said(customers_v1.TOPIC, "ana", "customer.erased", seq, payload)


async def send(house: House) -> None:
    """Thursday at nine: the rule is due, and everything is done about it."""
    house.clock.set("2026-03-12T08:59:00-05:00")
    await house.put_rule("r")
    house.clock.set("2026-03-12T09:00:01-05:00")
    await house.all_is_heard()
    await house.work()


async def planned(house: House) -> Steps:
    """The same up to where the mail would be written next."""
    await house.hear(*told(ana()))
    house.clock.set("2026-03-12T08:59:00-05:00")
    await house.put_rule("r")
    house.clock.set("2026-03-12T09:00:01-05:00")
    await house.all_is_heard()
    steps = house.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    await steps.plan_runs()
    return steps


async def everything_kept(house: House) -> str:
    """Every row of every table, as text."""
    async with house.database.transaction() as connection:
        tables = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        found = []
        for table in tables.scalars():
            rows = await connection.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))
            found += list(rows.scalars())
            if table == "addresses":
                mails = await connection.execute(text("SELECT convert_from(mail, 'UTF8') FROM addresses"))
                found += [mail for mail in mails.scalars() if mail]
        return "\n".join(found)


async def test_what_could_not_be_applied_of_it_goes_too(house: House) -> None:
    await house.hear(*told(ana()))
    for offset, key in enumerate((b"ana", b"bea")):
        record = Record(customers_v1.TOPIC, 0, offset, key, [], b'{"name": "Ana"')
        async with house.database.transaction() as connection:
            await set_aside(connection, Unreadable(record, None, "payload"), sequenced=())
    await house.hear(erased(3))
    async with house.database.transaction() as connection:
        left = await connection.execute(text("SELECT key FROM quarantine"))
        assert list(left.scalars()) == [b"bea"]


async def test_what_is_personal_goes_and_the_books_and_outcomes_stay(house: House) -> None:
    await house.hear(*told(ana()))
    await send(house)
    [delivery] = (await house.deliveries(await house.run_of("r", PERIOD))).values()
    assert "Ana Personal" in await everything_kept(house)
    await house.hear(erased(3))
    kept = await everything_kept(house)
    assert "Ana Personal" not in kept
    assert "correo.demo" not in kept
    assert '"invoice_id":"f1"' in kept
    after = await house.get(f"/deliveries/{delivery['delivery_id']}")
    assert (after["state"], after["totals"]) == (delivery["state"], delivery["totals"])
    assert [one["address"] for one in after["addresses"]] == ["", ""]
    answer = await house.http.get(f"/v1/deliveries/{delivery['delivery_id']}/content")
    assert answer.status_code == 404


async def test_an_erased_customer_has_no_statement_any_more(house: House) -> None:
    await house.hear(*told(ana()), erased(3))
    answer = await house.http.get("/v1/customers/ana/statement")
    assert (answer.status_code, answer.json()["code"]) == (410, "erased")
    await send(house)
    assert await house.deliveries(await house.run_of("r", PERIOD)) == {}


async def test_who_is_erased_in_mid_run_is_skipped(house: House) -> None:
    steps = await planned(house)
    await house.hear(erased(3))
    await house.work(steps)
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["skipped"]) == ("finished", {"erased": 1})
    assert house.mails == []


async def test_a_mail_that_waits_to_be_tried_again_is_not_sent(house: House) -> None:
    steps = await planned(house)
    await steps.prepare_mails()
    claimed = (await steps.send_mails.claim()).mails
    await house.hear(erased(3))
    busy = Answer("not_sent", 429)
    await steps.send_mails.keep([Called(one.delivery_id, one.n, 1, busy, one.window_ends_at) for one in claimed])
    await house.skip_pauses()
    await house.work(steps)
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["skipped"]) == ("finished", {"erased": 1})
    assert house.mails == []


async def test_a_mail_that_is_given_back_is_not_sent(house: House) -> None:
    steps = await planned(house)
    await steps.prepare_mails()
    claimed = (await steps.send_mails.claim()).mails
    await house.hear(erased(3))
    await steps.send_mails.give_back(claimed)
    await house.work(steps)
    assert (await house.run_of("r", PERIOD))["skipped"] == {"erased": 1}
    assert house.mails == []


def test_without_its_bytes_nothing_is_tried_again() -> None:
    assert without_mail(Outcome("retry_wait", None, 4.0)) == Outcome("skipped", "erased")
    assert without_mail(Outcome("unknown", "timeout", 4.0)) == Outcome("unknown", "timeout", None)
    assert without_mail(Outcome("accepted")) == Outcome("accepted")


async def test_a_snapshot_of_an_erased_customer_erases(house: House) -> None:
    await house.hear(*told(ana()))
    await send(house)
    await house.hear(erased(5))

    async def fetch(customer_id: str) -> customers_snapshots.Snapshot:
        whole = telling.snapshot(ana(), 5)
        nobody = msgspec.structs.replace(whole.customer, name="", email=None, emails=[])
        return msgspec.structs.replace(whole, customer=nobody, erased=True)

    await Repairer(house.database, fetch, house.events.replace).step()
    kept = await everything_kept(house)
    assert "Ana Personal" not in kept
    assert "correo.demo" not in kept
    assert (await house.http.get("/v1/customers/ana/statement")).status_code == 410


async def test_an_archived_customer_gets_nothing_until_unarchived(house: House) -> None:
    await house.hear(*told(ana()), Said(**{**vars(registered(ana(), 3, archived=True)), "type": "customer.archived"}))
    await send(house)
    assert await house.deliveries(await house.run_of("r", PERIOD)) == {}
    assert (await house.http.get("/v1/customers/ana/statement")).status_code == 200
    await house.hear(Said(**{**vars(registered(ana(), 4)), "type": "customer.unarchived"}))
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    assert list(await house.deliveries(await house.run_of("r", "2026-W12-mon"))) == ["ana"]
