"""The environment that all three services read, once, frozen. Each service's ``settings.py`` adds its own."""

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.basics.days import zone
from shared.basics.money import CURRENCY_PATTERN
from shared.runtime.clock import Clock, FileClock, MachineClock


class CommonSettings(BaseSettings):
    """What every service needs to know of its deployment. Source: contract.md, *The local stack*."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Literal["local", "production"] = "production"
    host: str = "0.0.0.0"  # noqa: S104 - a service in a pod listens to its pod
    business_time_zone: str = "America/Bogota"
    currencies: Annotated[tuple[str, ...], NoDecode] = ("COP",)
    kafka_bootstrap_servers: str
    api_key: SecretStr = Field(min_length=16)
    service_api_key: SecretStr = Field(min_length=16)
    clock_file: Path | None = None

    @field_validator("business_time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        zone(name)
        return name

    @field_validator("currencies", mode="before")
    @classmethod
    def _codes(cls, value: object) -> object:
        codes = tuple(code.strip() for code in value.split(",")) if isinstance(value, str) else value
        if not codes or not all(CURRENCY_PATTERN.fullmatch(code) for code in codes):  # type: ignore[attr-defined]
            raise ValueError("currencies are ISO codes with commas between, such as COP,USD")
        return codes

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return zone(self.business_time_zone)

    def clock(self) -> Clock:
        """Business time: only the local environment lets a file set it."""
        if self.environment == "local" and self.clock_file is not None:
            return FileClock(self.clock_file, self.zone)
        return MachineClock(self.zone)
