"""The environment that all three services read, once, frozen. Each service's ``settings.py`` adds its own."""

import os
import sys
from pathlib import Path
from ssl import VERIFY_X509_STRICT, SSLContext, create_default_context
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import structlog
from pydantic import AnyHttpUrl, Field, SecretStr, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from shared.basics.days import zone
from shared.basics.money import CURRENCY_PATTERN
from shared.runtime.clock import Clock, FileClock, MachineClock

log = structlog.get_logger(__name__)

DatabaseUrl = Annotated[str, StringConstraints(pattern=r"^postgresql://")]


def _named(mistake: ErrorDetails) -> str:
    names = [str(step).upper() for step in mistake["loc"][:1]]
    return ": ".join([*names, mistake["msg"]])


_ASYMMETRIC = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
"""Algorithms of tokens with which whoever verifies cannot sign."""


class SettingsRefusedError(Exception):
    """The environment cannot be read: names each variable with what is wrong with it, and quotes no secret."""


class CommonSettings(BaseSettings):
    """What every service needs to know of its deployment. Source: contract.md, *The local stack*.

    What the environment does not name may be a file of that name (in lower case) in the folder ``SECRETS_FOLDER``.

    ``kafka_tls_folder``: where ``ca.crt`` of the brokers and our ``user.crt`` and ``user.key`` are (PEM); without it
    Kafka is spoken to in the clear.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Literal["local", "production"] = "production"
    host: str = "0.0.0.0"  # noqa: S104 - a service in a pod listens to its pod
    business_time_zone: str = "America/Bogota"
    currencies: Annotated[tuple[str, ...], NoDecode] = ("COP",)
    kafka_bootstrap_servers: str
    kafka_tls_folder: Path | None = None
    service_api_key: SecretStr = Field(min_length=16)
    rate_limit_per_second: Annotated[float, Field(gt=0)] | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_jwks_url: AnyHttpUrl | None = None
    jwt_algorithms: Annotated[tuple[str, ...], NoDecode] = ("RS256",)
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    clock_file: Path | None = None
    otel_exporter_otlp_endpoint: AnyHttpUrl | None = None
    otel_traces_sampler_arg: Annotated[float, Field(ge=0, le=1)] = 1.0

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise SettingsRefusedError("; ".join(_named(one) for one in error.errors(include_input=False))) from None

    @classmethod
    def of_process(cls, *, for_people: bool) -> Self:
        """The settings of this process. If they are refused it ends with status 1 and a line that names each variable.

        ``for_people``: a line for a terminal, else one for the log.
        """
        try:
            return cls()
        except SettingsRefusedError as refusal:
            if for_people:
                sys.exit(str(refusal))
            log.critical("settings_refused", words=str(refusal))
            sys.exit(1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then files: secrets of a pod are mounted, never in its environment."""
        folder = os.environ.get("SECRETS_FOLDER")
        files = [SecretsSettingsSource(settings_cls, folder)] if folder else []
        return (init_settings, env_settings, *files)

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

    @field_validator("jwt_algorithms", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value

    @field_validator("jwt_algorithms")
    @classmethod
    def _asymmetric(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names or not _ASYMMETRIC.issuperset(names):
            raise ValueError(f"tokens are signed with some of {', '.join(sorted(_ASYMMETRIC))}")
        return names

    @model_validator(mode="after")
    def _whole_issuer(self) -> Self:
        given = [self.jwt_issuer, self.jwt_audience, self.jwt_jwks_url]
        if any(given) and not all(given):
            raise ValueError("JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL go together")
        if self.jwt_jwks_url and self.jwt_jwks_url.scheme != "https" and self.environment != "local":
            raise ValueError("JWT_JWKS_URL is https: whoever answers there can let anyone in")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return zone(self.business_time_zone)

    def kafka_tls(self) -> SSLContext | None:
        """How we prove to brokers who we are, and they to us; None where Kafka is spoken to in the clear.

        Raises
        ------
        OSError
            A file of ``kafka_tls_folder`` is missing or not what its name says.
        """
        if self.kafka_tls_folder is None:
            return None
        context = create_default_context(cafile=self.kafka_tls_folder / "ca.crt")
        # Strimzi's certificates do not name their authority's key, which Python 3.13 refuses unless told otherwise.
        context.verify_flags &= ~VERIFY_X509_STRICT
        context.load_cert_chain(self.kafka_tls_folder / "user.crt", self.kafka_tls_folder / "user.key")
        return context

    def clock(self) -> Clock:
        """Business time: only the local environment lets a file set it."""
        if self.environment == "local" and self.clock_file is not None:
            return FileClock(self.clock_file, self.zone)
        return MachineClock(self.zone)
