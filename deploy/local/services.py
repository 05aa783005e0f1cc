"""The three services as the local stack runs them: their processes, and the environment they read."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.postgres import with_database
from deploy.local.program import Program
from deploy.local.settings import LocalSettings

SERVICES = ("customers", "segmenter", "statements")
_KEY = "api-key"

_CUSTOMARY = {
    "BUSINESS_TIME_ZONE": "America/Bogota",
    "CURRENCIES": "COP",
    "MAIL_GATEWAY_HONOURS_KEYS": "true",
    "MAIL_FROM": "Cartera Comercial Andina <cartera@comercialandina.example>",
    "COMPANY_NAME": "Comercial Andina",
    "SEND_RETRY_SECONDS": "1",
}


@dataclass(frozen=True)
class ServicePlan:
    """What runs beside the ground: groups of preparations, those of one together and to the end, then services.

    Ready when every URL answers 200.
    """

    preparations: list[list[Program]]
    services: list[Program]
    ready_urls: list[str]


def service_plan(settings: LocalSettings, database_url: str) -> ServicePlan:
    """The services' processes over the server at ``database_url``."""
    environment = service_environment(settings, database_url)
    return ServicePlan(
        preparations=[
            [_role(f"{service}-migrate", service, environment, "migrate") for service in SERVICES],
            [_role(f"{service}-keys", service, environment, *_enter_key(settings)) for service in SERVICES],
        ],
        services=[
            *(_role(f"{service}-api", service, environment, "api") for service in SERVICES),
            *(
                _role(f"{service}-worker-{number}", service, environment, "worker")
                for service, workers in settings.workers.items()
                for number in range(1, workers + 1)
            ),
        ],
        ready_urls=[settings.url(f"{service.upper()}_PORT") + "/readyz" for service in SERVICES],
    )


def _role(name: str, service: str, environment: Mapping[str, str], *words: str) -> Program:
    return Program(name, lambda: [sys.executable, "-m", f"services.{service}", *words], environment)


def _enter_key(settings: LocalSettings) -> list[str]:
    """One key opens all services, and is what they call each other with."""
    file = str(settings.folder.secret_file(_KEY))
    return ["keys", "create", "--name", "local", "--scopes", "all", "--key-file", file]


def service_environment(settings: LocalSettings, database_url: str) -> dict[str, str]:
    """Everything that the services read, with what the caller's own environment sets instead."""
    mail = {"MAIL_GATEWAY_URL": settings.url("MAIL_PORT"), **_CUSTOMARY}
    return {
        **{name: os.environ.get(name) or value for name, value in mail.items()},
        **{name: str(port) for name, port in settings.ports.items()},
        **shared_addresses(settings, database_url),
        "ENVIRONMENT": "local",
        "HOST": "127.0.0.1",
        "SERVICE_API_KEY": settings.folder.secret(_KEY),
        "CLOCK_FILE": str(settings.folder.clock),
        "PYTHONUNBUFFERED": "1",
    }


def shared_addresses(settings: LocalSettings, database_url: str) -> dict[str, str]:
    """What ``stack.env`` tells the outside, and the services need as well."""
    return {
        **{f"{service.upper()}_URL": settings.url(f"{service.upper()}_PORT") for service in SERVICES},
        "MAIL_URL": settings.url("MAIL_PORT"),
        "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{settings.ports['KAFKA_PORT']}",
        **{f"{service.upper()}_DATABASE_URL": with_database(database_url, service) for service in SERVICES},
        "API_KEY": settings.folder.secret(_KEY),
        "GATEWAY_WEBHOOK_SECRET": settings.folder.secret("gateway-webhook-secret"),
    }
