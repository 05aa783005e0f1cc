"""What the services of a local stack are told."""

import os
from pathlib import Path

import pytest

from deploy.local.services import service_environment, service_plan
from deploy.local.settings import read_settings

SERVER = "postgresql://someone:secret@127.0.0.1:5433/postgres"


def test_everything_has_its_usual_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    told = service_environment(read_settings({"CASCADA_LOCAL_DIR": str(tmp_path)}), SERVER)
    key = told["API_KEY"]
    assert len(key) >= 16
    assert told | {"API_KEY": "", "SERVICE_API_KEY": "", "GATEWAY_WEBHOOK_SECRET": ""} == {
        "ENVIRONMENT": "local",
        "HOST": "127.0.0.1",
        "CUSTOMERS_PORT": "8001",
        "SEGMENTER_PORT": "8002",
        "STATEMENTS_PORT": "8003",
        "KAFKA_PORT": "9092",
        "POSTGRES_PORT": "5433",
        "MAIL_PORT": "8025",
        "SMTP_PORT": "1025",
        "CUSTOMERS_URL": "http://127.0.0.1:8001",
        "SEGMENTER_URL": "http://127.0.0.1:8002",
        "STATEMENTS_URL": "http://127.0.0.1:8003",
        "MAIL_URL": "http://127.0.0.1:8025",
        "MAIL_GATEWAY_URL": "http://127.0.0.1:8025",
        "MAIL_GATEWAY_HONOURS_KEYS": "true",
        "MAIL_FROM": "Cartera Comercial Andina <cartera@comercialandina.example>",
        "COMPANY_NAME": "Comercial Andina",
        "SEND_RETRY_SECONDS": "1",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
        "CUSTOMERS_DATABASE_URL": "postgresql://someone:secret@127.0.0.1:5433/customers",
        "SEGMENTER_DATABASE_URL": "postgresql://someone:secret@127.0.0.1:5433/segmenter",
        "STATEMENTS_DATABASE_URL": "postgresql://someone:secret@127.0.0.1:5433/statements",
        "BUSINESS_TIME_ZONE": "America/Bogota",
        "CURRENCIES": "COP",
        "CLOCK_FILE": str(tmp_path / "clock"),
        "PYTHONUNBUFFERED": "1",
        "API_KEY": "",
        "SERVICE_API_KEY": "",
        "GATEWAY_WEBHOOK_SECRET": "",
    }
    assert told["SERVICE_API_KEY"] == key


def test_the_callers_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_outside = {"CURRENCIES": "MXN,USD", "MAIL_GATEWAY_URL": "smtp://127.0.0.1:1025", "SEND_RETRY_SECONDS": "60"}
    monkeypatch.setattr(os, "environ", set_outside)
    told = service_environment(read_settings({"CASCADA_LOCAL_DIR": str(tmp_path), "CUSTOMERS_PORT": "9001"}), SERVER)
    assert told.items() >= set_outside.items()
    assert told["CUSTOMERS_URL"] == "http://127.0.0.1:9001"


def test_each_service_runs_its_roles_with_as_many_workers_as_asked(tmp_path: Path) -> None:
    settings = read_settings({"CASCADA_LOCAL_DIR": str(tmp_path), "STATEMENTS_WORKERS": "2"})
    plan = service_plan(settings, SERVER)
    services = ("customers", "segmenter", "statements")
    key_file = str(tmp_path / "secrets" / "api-key")
    enter_key = ["keys", "create", "--name", "local", "--scopes", "all", "--key-file", key_file]
    assert [[program.command()[1:] for program in group] for group in plan.preparations] == [
        [["-m", f"services.{service}", "migrate"] for service in services],
        [["-m", f"services.{service}", *enter_key] for service in services],
    ]
    assert [(program.name, program.command()[1:]) for program in plan.services] == [
        ("customers-api", ["-m", "services.customers", "api"]),
        ("segmenter-api", ["-m", "services.segmenter", "api"]),
        ("statements-api", ["-m", "services.statements", "api"]),
        ("segmenter-worker-1", ["-m", "services.segmenter", "worker"]),
        ("statements-worker-1", ["-m", "services.statements", "worker"]),
        ("statements-worker-2", ["-m", "services.statements", "worker"]),
    ]


def test_a_given_server_frees_the_stack_of_its_own(tmp_path: Path) -> None:
    settings = read_settings({"CASCADA_LOCAL_DIR": str(tmp_path), "DATABASE_URL": SERVER})
    assert settings.database_url == SERVER
    assert "POSTGRES_PORT" not in settings.ports
