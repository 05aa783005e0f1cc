"""Every preset can be put into the draft as it is, refreshed and previewed."""

from datetime import date

from services.segmenter.domain.presets import presets
from tests.oracle.accounts import account, failed
from tests.services.segmenter.house import DRAFT, House
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)


async def test_all_of_them_make_one_cascade(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    offered = (await house.get("/presets"))["items"]
    assert {one["for"] for one in offered} == {"person", "company", "all"}
    segments = [segment for one in offered for segment in one["segments"]]
    await house.drafts(*segments)
    preview = await house.post(f"{DRAFT}/preview")
    assert not [one for one in preview["warnings"] if one["code"] == "contradictory"]
    assert (await house.refreshes())["state"] == "done"
    assert await house.segmenter.segment_of("ana") == "personas-riesgo-medio"
    published = (await house.get("/cascade"))["segments"]
    assert [one["name"] for one in published] == [*(segment["name"] for segment in segments), "Default"]


def test_what_is_much_depends_on_the_currency() -> None:
    for currency in ("COP", "MXN", "CLP"):
        [large] = [one for one in presets(currency) if one.preset_id == "companies-large-balance"]
        assert large.segments[0].rule["all"][1]["value"]["currency"] == currency
