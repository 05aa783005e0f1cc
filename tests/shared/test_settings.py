"""What of the environment is refused at once, before anything starts."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.customers.settings import Settings as CustomersSettings
from services.segmenter.settings import Settings as SegmenterSettings
from shared.runtime.failures import harmless_words
from shared.runtime.settings import CommonSettings, SettingsRefusedError

ISSUER = {"jwt_issuer": "https://entrada.example/", "jwt_audience": "cascada"}


def settings(**given: Any) -> CommonSettings:
    known = {"kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": "a-key-for-tests-only"}
    return CommonSettings.model_validate({**known, **given})


def test_an_issuer_is_whole_or_not_there() -> None:
    assert settings().jwt_issuer is None
    assert settings(**ISSUER, jwt_jwks_url="https://entrada.example/keys").jwt_algorithms == ("RS256",)
    with pytest.raises(SettingsRefusedError, match="go together"):
        settings(**ISSUER)


@pytest.mark.parametrize("algorithms", ["HS256", "none", "RS256,HS256", ""])
def test_who_verifies_tokens_cannot_sign_them(algorithms: str) -> None:
    with pytest.raises(SettingsRefusedError, match="tokens are signed"):
        settings(jwt_algorithms=algorithms)


def test_several_algorithms_have_commas_between() -> None:
    assert settings(jwt_algorithms="RS256, ES256").jwt_algorithms == ("RS256", "ES256")


def test_keys_of_tokens_come_by_https_except_locally() -> None:
    plain = {**ISSUER, "jwt_jwks_url": "http://127.0.0.1:9/keys"}
    assert settings(**plain, environment="local").jwt_jwks_url
    with pytest.raises(SettingsRefusedError, match="https"):
        settings(**plain)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_limit_is_above_nothing(rate: float) -> None:
    assert settings().rate_limit_per_second is None
    with pytest.raises(SettingsRefusedError):
        settings(rate_limit_per_second=rate)


def test_secrets_are_files_of_a_folder_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "service_api_key").write_text("a-key-out-of-a-file\n")
    (tmp_path / "kafka_bootstrap_servers").write_text("kafka:9092")
    monkeypatch.setenv("SECRETS_FOLDER", str(tmp_path))
    read = CommonSettings()
    assert (read.service_api_key.get_secret_value(), read.kafka_bootstrap_servers) == (
        "a-key-out-of-a-file",
        "kafka:9092",
    )
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    assert CommonSettings().kafka_bootstrap_servers == "127.0.0.1:9"


def test_a_process_that_cannot_read_its_settings_names_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("SERVICE_API_KEY", "too-short")
    monkeypatch.setenv("METRICS_PORT", "nine")
    with pytest.raises(SettingsRefusedError) as refused:
        CommonSettings()
    words = harmless_words(refused.value) or ""
    assert [part.partition(":")[0] for part in words.split("; ")] == [
        "KAFKA_BOOTSTRAP_SERVERS",
        "SERVICE_API_KEY",
        "METRICS_PORT",
    ]
    assert not any(value in words for value in ("too-short", "nine"))


def test_whoever_sits_at_a_terminal_gets_a_line_and_the_log_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    monkeypatch.delenv("SERVICE_API_KEY", raising=False)
    with pytest.raises(SystemExit, match=r"^SERVICE_API_KEY: Field required$"):
        CommonSettings.of_process(for_people=True)
    with capture_logs() as log, pytest.raises(SystemExit) as end:
        CommonSettings.of_process(for_people=False)
    assert end.value.code == 1
    assert [(line["event"], line["words"]) for line in log] == [("settings_refused", "SERVICE_API_KEY: Field required")]


@pytest.mark.parametrize("url", ["postgres://a:secret@here/it", "nonsense", ""])
def test_a_database_is_named_as_postgresql_s(url: str) -> None:
    known = {"kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": "a-key-for-tests-only"}
    with pytest.raises(SettingsRefusedError, match=r"^CUSTOMERS_DATABASE_URL: ") as refused:
        CustomersSettings.model_validate({**known, "customers_database_url": url})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["CUSTOMERS_URL", "STATEMENTS_URL"])
def test_the_segmenter_is_told_addresses_of_its_neighbours(name: str) -> None:
    known = {"kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": "a-key-for-tests-only"}
    addresses = {"segmenter_database_url": "postgresql://here/it", "customers_url": "http://customers"}
    SegmenterSettings.model_validate({**known, **addresses})
    with pytest.raises(SettingsRefusedError, match=f"^{name}: "):
        SegmenterSettings.model_validate({**known, **addresses, name.lower(): "customers"})


def test_kafka_is_spoken_to_in_the_clear_unless_certificates_are_named(tmp_path: Path) -> None:
    assert settings().kafka_tls() is None
    with pytest.raises(FileNotFoundError):
        settings(kafka_tls_folder=tmp_path).kafka_tls()
