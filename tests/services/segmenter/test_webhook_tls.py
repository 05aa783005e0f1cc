"""Over TLS the checked address is called, and has to prove the name of the URL."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.segmenter.domain.webhooks import Answer
from services.segmenter.outbound import webhooks
from shared.contracts.envelope import Envelope
from tests.services.segmenter.receiver import receiving

EVENT = Envelope("webhook.test", "e-1", "segmenter", datetime(2026, 3, 9, tzinfo=UTC), 0, 0, "crm", b"{}")


class ResolvesHere(webhooks.Poster):
    """Every name is this machine's."""

    async def addresses(self, host: str) -> list[str]:
        return ["127.0.0.1"]


def certificate_of(host: str, folder: Path) -> Path:
    """A new key with its certificate for a name, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    named = dated.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    signed = named.sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem)
    found = folder / "certificate.pem"
    found.write_bytes(written)
    return found


async def test_the_name_is_proved_though_an_address_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = certificate_of("hook.example", tmp_path)
    trusted, serving = ssl.create_default_context(cafile=certificate), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusted)
    monkeypatch.setattr(webhooks, "is_public", lambda address: address == "127.0.0.1")
    with receiving(serving) as receiver:
        port = httpx.URL(receiver.url).port
        poster = ResolvesHere()
        proved = await poster.post(f"https://hook.example:{port}/in", "secret", [EVENT])
        assert (proved, receiver.hosts) == (Answer("delivered", 204), [f"hook.example:{port}"])
        assert await poster.post(f"https://other.example:{port}/in", "secret", [EVENT]) == Answer("no_answer")
        assert len(receiver.posts) == 1
