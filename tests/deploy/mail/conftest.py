"""A running mail catcher, and somebody who hears its events."""

import sys
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from deploy.local.answering import answers
from deploy.local.folder import LocalFolder
from deploy.local.ports import free_port
from deploy.local.program import Program
from tests.deploy.mail.hearer import Hearer
from tests.support.servers import running

SECRET = "a secret of the gateway"


@pytest.fixture(scope="module")
def hearer() -> Hearer:
    return Hearer()


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory, hearer: Hearer) -> Iterator[dict[str, str]]:
    ports = {"MAIL_PORT": str(free_port()), "SMTP_PORT": str(free_port())}
    server = hearer.serve()
    told = {"STATEMENTS_URL": f"http://127.0.0.1:{server.server_port}", "GATEWAY_WEBHOOK_SECRET": SECRET}
    program = Program("mail", lambda: [sys.executable, "-m", "deploy.local.mail"], {**ports, **told})
    url = f"http://127.0.0.1:{ports['MAIL_PORT']}/stats"
    with running(program, LocalFolder(tmp_path_factory.mktemp("mail")), lambda: answers(url)):
        yield ports
    server.shutdown()
    server.server_close()


@pytest.fixture
async def catcher(ports: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the catcher; no faults, an empty inbox."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['MAIL_PORT']}", timeout=10) as client:
        await client.put("/faults", json={"mode": "none"})
        await client.delete("/messages")
        yield client
