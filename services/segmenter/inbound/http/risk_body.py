"""How the risk level is found, as it comes in: what is left out takes its default. Source: meaning.md 19."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.segmenter.domain import settings as domain
from shared.http.fields import Amount, DefaultingBody

_Days = Annotated[int, Field(ge=0, le=36500)]
_AverageDays = Annotated[Amount, Field(ge=-36500, le=36500)]
_Ratio = Annotated[Amount, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=0, le=10_000)]
_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]

_HIGH = domain.HighRisk()
_LOW = domain.LowRisk()
_SCORE = domain.Score()


class HighRiskBody(DefaultingBody):
    """Any of these is a high risk."""

    days_past_due_over: _Days = _HIGH.days_past_due_over
    average_days_late_over: _AverageDays = _HIGH.average_days_late_over
    broken_promises_from: Annotated[_Count, Field(ge=1)] = _HIGH.broken_promises_from
    on_time_ratio_under: _Ratio = _HIGH.on_time_ratio_under


class LowRiskBody(DefaultingBody):
    """All of these are a low risk; ``overdue`` true lets a customer be overdue, ``broken_promises`` is the most."""

    average_days_late_up_to: _AverageDays = _LOW.average_days_late_up_to
    on_time_ratio_from: _Ratio = _LOW.on_time_ratio_from
    overdue: bool = _LOW.overdue
    broken_promises: _Count = _LOW.broken_promises


class ScoreBody(DefaultingBody):
    """``variable`` is ``risk_score`` or a custom number; who has it is judged by it alone."""

    variable: _Key = _SCORE.variable
    high_below: Amount = _SCORE.high_below
    low_from: Amount = _SCORE.low_from

    @model_validator(mode="after")
    def _rises(self) -> "ScoreBody":
        if self.high_below > self.low_from:
            raise PydanticCustomError("range_reversed", "a high risk ends where a low one begins, or before")
        return self


class RiskBody(DefaultingBody):
    """The tests of the risk level; ``grace_days`` after it fell due an invoice still counts as paid on time."""

    grace_days: Annotated[int, Field(ge=0, le=365)] = 0
    high: HighRiskBody = HighRiskBody()
    low: LowRiskBody = LowRiskBody()
    score: ScoreBody | None = None

    def risk(self) -> domain.Risk:
        """The same in the domain's words."""
        return domain.Risk(
            grace_days=self.grace_days,
            high=domain.HighRisk(**self.high.model_dump()),
            low=domain.LowRisk(**self.low.model_dump()),
            score=domain.Score(**self.score.model_dump()) if self.score else None,
        )
