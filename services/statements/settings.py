"""The environment of statements, read once, frozen."""

from pathlib import Path
from typing import Annotated

from pydantic import AnyHttpUrl, AnyUrl, Field, SecretStr, StringConstraints, UrlConstraints

from shared.runtime.settings import CommonSettings, DatabaseUrl

GatewayUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["http", "https", "smtp", "smtps"], host_required=True)]


class Settings(CommonSettings):
    """What statements needs beside what every service does. ``payment_link`` may hold ``{customer_id}``.

    ``company_logo_file``: PNG, JPEG or GIF, at most 200 kB.
    """

    statements_database_url: DatabaseUrl
    statements_port: int = 8003
    customers_url: AnyHttpUrl
    segmenter_url: AnyHttpUrl
    mail_gateway_url: GatewayUrl
    mail_gateway_honours_keys: bool = False
    mail_from: str
    mail_reply_to: str | None = None
    company_name: str
    company_colour: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#1f4e79"
    company_logo_file: Path | None = None
    payment_link: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    content_retention_days: Annotated[int, Field(ge=1, le=36_500)] = 400
    sends_per_second: Annotated[float, Field(gt=0)] | None = None
    send_retry_seconds: Annotated[float, Field(gt=0)] = 60.0
    gateway_webhook_secret: SecretStr = Field(min_length=16)
