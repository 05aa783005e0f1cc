"""Faults on demand: what a share of ``POST /send`` meets, so that its caller's care can be tried."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["none", "reject_429", "fail_500", "accept_then_drop", "delay"]


class Faults(BaseModel):
    """``rate`` is the share of calls hit; ``seconds`` the delay, or what ``Retry-After`` asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = "none"
    rate: float = Field(default=1.0, ge=0, le=1)
    seconds: float = Field(default=2.0, ge=0, le=600)

    def meets(self, chance: float) -> Mode:
        """What a call with that ``chance`` (0 to under 1, drawn by the caller) meets."""
        return self.mode if chance < self.rate else "none"
