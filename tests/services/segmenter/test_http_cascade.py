"""The published cascade over HTTP: what is in force with who is in it, and every revision with what it moved."""

from datetime import date, timedelta

from tests.oracle.accounts import account, an_invoice, failed
from tests.services.segmenter.house import DRAFT, House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0, within_days=30)


async def three_customers(house: House) -> None:
    """Two who failed, owing 100 COP and 50 USD; one who owes 7 COP."""
    bill = {"issued_on": TODAY - timedelta(days=9)}
    await told(
        house.segmenter,
        account(an_invoice("100", **bill), failed(on=TODAY), customer_id="ana"),
        account(an_invoice("50", currency="USD", **bill), failed(on=TODAY), customer_id="eva", currency="USD"),
        account(an_invoice("7", **bill), customer_id="sol"),
    )


async def test_a_new_installation_has_default_alone(house: House) -> None:
    cascade = await house.get("/cascade")
    assert cascade["revision"] == 1
    [default] = cascade["segments"]
    assert (default["segment_id"], default["rule"], default["is_default"], default["customers"]) == (
        "default",
        None,
        True,
        0,
    )
    assert default["rule_text"] == {
        "es": "Quien no está en ningún otro segmento.",
        "en": "Whoever is in no other segment.",
    }


async def test_what_is_in_force_says_who_is_in_it(house: House) -> None:
    await three_customers(house)
    await house.drafts(FAILING)
    await house.refreshes()
    cascade = await house.get("/cascade")
    assert (cascade["revision"], cascade["published_by"]) == (2, "tests")
    failing, default = cascade["segments"]
    assert (failing["position"], failing["rule"]) == (1, FAILING["rule"])
    assert failing["rule_text"]["es"] == "Los pagos fallidos en los últimos 30 días son más de 0."
    assert (failing["customers"], failing["balance"]) == (
        2,
        [{"amount": "100.00", "currency": "COP"}, {"amount": "50.00", "currency": "USD"}],
    )
    assert (default["position"], default["customers"]) == (2, 1)
    assert default["balance"] == [{"amount": "7.00", "currency": "COP"}]
    assert failing["counted_at"] == default["counted_at"] == "2026-03-09T17:00:00Z"


async def test_drafts_are_not_in_it(house: House) -> None:
    await house.drafts(FAILING)
    assert [segment["segment_id"] for segment in (await house.get("/cascade"))["segments"]] == ["default"]


async def test_each_revision_says_what_it_moved(house: House) -> None:
    await three_customers(house)
    await house.drafts(FAILING)
    await house.refreshes()
    assert (await house.get("/cascade/revisions/2"))["effect"] == {
        "customers": 2,
        "balance": [{"amount": "100.00", "currency": "COP"}, {"amount": "50.00", "currency": "USD"}],
    }
    assert (await house.get("/cascade/revisions/1"))["effect"] == {"customers": 0, "balance": []}
    assert problem(await house.call("GET", "/cascade/revisions/3")) == (404, "unknown_revision")


async def test_revisions_stay_as_they_were_published(house: House) -> None:
    await house.drafts(FAILING)
    await house.refreshes()
    path = f"{DRAFT}/segments/fallidos"
    await house.call("DELETE", path, if_match=await house.etag(path))
    await house.refreshes()
    first = await house.get("/cascade/revisions", limit=2)
    second = await house.get("/cascade/revisions", limit=2, cursor=first["next_cursor"])
    assert [revision["revision"] for page in (first, second) for revision in page["items"]] == [3, 2, 1]
    assert [segment["name"] for segment in first["items"][1]["segments"]] == ["Fallidos", "Default"]


async def test_members_come_page_by_page(house: House) -> None:
    await three_customers(house)
    await house.drafts(FAILING)
    await house.refreshes()
    path = "/cascade/segments/fallidos/customers"
    first = await house.get(path, limit=1)
    second = await house.get(path, limit=1, cursor=first["next_cursor"])
    assert first["items"] == [
        {
            "customer_id": "ana",
            "name": "Ana Pérez",
            "segment_id": "fallidos",
            "aging_bucket": "1-30",
            "risk_level": "medium",
            "total_balance": {"amount": "100.00", "currency": "COP"},
            "overdue_balance": {"amount": "100.00", "currency": "COP"},
        }
    ]
    assert [member["customer_id"] for member in second["items"]] == ["eva"]
    assert [member["customer_id"] for member in (await house.get("/cascade/segments/default/customers"))["items"]] == [
        "sol"
    ]
    assert problem(await house.call("GET", "/cascade/segments/nadie/customers")) == (404, "unknown_segment")


async def test_the_status_says_how_far_things_are(house: House) -> None:
    await house.segmenter.turns_day(TODAY)
    status = await house.get("/status")
    assert (status["service"], status["business_time_zone"], status["currencies"]) == (
        "segmenter",
        "America/Bogota",
        ["COP", "USD"],
    )
    assert (status["as_of"], status["day_turn"]) == ("2026-03-09", {"as_of": "2026-03-09", "done": True})
    house.segmenter.clock.day = TODAY + timedelta(days=1)
    assert (await house.get("/status"))["day_turn"] == {"as_of": "2026-03-10", "done": False}


async def test_a_key_is_needed(house: House) -> None:
    assert problem(await house.call("GET", "/cascade", x_api_key="otra")) == (401, "unauthenticated")
