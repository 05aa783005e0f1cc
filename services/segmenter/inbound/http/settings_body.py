"""Settings of the cascade as they come in: what is left out takes its default. Source: meaning.md 11, 17-20."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from services.segmenter.domain import settings as domain
from services.segmenter.inbound.http.risk_body import RiskBody
from shared.http.fields import DefaultingBody, IsoDate

_Share = Annotated[int, Field(ge=1, le=100)]
_Days = Annotated[int, Field(ge=0, le=3650)]
_Edge = Annotated[int, Field(ge=1, le=3650)]
_Word = Annotated[
    str, StringConstraints(min_length=1, max_length=200, to_lower=True, strip_whitespace=True, pattern=r"^[^\x00]*$")
]

_QUICK = domain.QuickFilters()
_CONTACT = domain.Contactability()


class QuickFiltersBody(DefaultingBody):
    """Thresholds of the quick filters."""

    top_percentile: _Share = _QUICK.top_percentile
    top_days: Annotated[int, Field(ge=1, le=3650)] = _QUICK.top_days
    new_days: _Days = _QUICK.new_days
    recent_days: _Days = _QUICK.recent_days
    recurring_months: Annotated[int, Field(ge=1, le=12)] = _QUICK.recurring_months
    recurring_at_least: Annotated[int, Field(ge=1, le=12)] = _QUICK.recurring_at_least


class ContactabilityBody(DefaultingBody):
    """Which e-mail addresses are placeholders."""

    local_parts: Annotated[list[_Word], Field(max_length=1000)] = Field(default_factory=lambda: [*_CONTACT.local_parts])
    domains: Annotated[list[_Word], Field(max_length=1000)] = Field(default_factory=lambda: [*_CONTACT.domains])


class SettingsBody(DefaultingBody):
    """The settings that change verdicts."""

    aging_edges: Annotated[list[_Edge], Field(min_length=1, max_length=10, default_factory=lambda: [30, 60, 90])]
    quick_filters: QuickFiltersBody = QuickFiltersBody()
    contactability: ContactabilityBody = ContactabilityBody()
    risk: RiskBody = RiskBody()
    holidays: Annotated[list[IsoDate], Field(max_length=1000, default_factory=list)]

    @field_validator("aging_edges")
    @classmethod
    def _ascending(cls, edges: list[int]) -> list[int]:
        if edges != sorted(set(edges)):
            raise PydanticCustomError("range_reversed", "edges rise from one to the next")
        return edges

    def settings(self) -> domain.Settings:
        """The same in the domain's words."""
        quick: dict[str, Any] = self.quick_filters.model_dump()
        contact = domain.Contactability(tuple(self.contactability.local_parts), tuple(self.contactability.domains))
        return domain.Settings(
            aging_edges=tuple(self.aging_edges),
            quick_filters=domain.QuickFilters(**quick),
            contactability=contact,
            risk=self.risk.risk(),
            holidays=tuple(sorted(set(self.holidays))),
        )
