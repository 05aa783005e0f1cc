"""Countries of zones come from the pinned table."""

import pytest

from shared.basics.countries import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [("America/Bogota", "CO"), ("America/Mexico_City", "MX"), ("America/Santiago", "CL"), ("UTC", None), ("x", None)],
)
def test_a_zone_lies_in_its_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country
