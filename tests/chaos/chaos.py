"""A running stack under load, as the faults take hold of it: its processes, proxies, databases, clock and mails."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from deploy.local.clock import set_clock
from deploy.local.folder import LocalFolder
from deploy.local.leftovers import stop_leftovers
from deploy.local.services import SERVICES
from deploy.local.stack_process import StackProcess
from tests.chaos.checks_of_mails import MailSeen
from tests.chaos.doors import Doors
from tests.chaos.load import Load
from tests.chaos.proxy.thread import ProxyThread
from tests.chaos.shapes import shapes
from tests.journeys.cascada import Cascada
from tests.journeys.listening import Heard
from tests.oracle.cascade import Segment
from tests.oracle.facts import BUSINESS_ZONE
from tests.support.eventually import eventually
from tests.support.stack import RUNNING, Stack

WORKERS = {"SEGMENTER_WORKERS": "2", "STATEMENTS_WORKERS": "2"}
_READY_SECONDS = 240.0


class ChaosStack(Stack):
    """A stack whose services are called through the balancers."""

    def __init__(self, process: StackProcess, doors: Doors) -> None:
        self.process = process
        told = process.wait_until_ready(_READY_SECONDS)
        self.env = {**told, **{f"{one.upper()}_URL": doors.url(one) for one in SERVICES}}


class ChaosCascada(Cascada):
    """Callers that open a connection for each call: a kept one could be closed by the other side as it is used."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        of_services = [(name, f"{stack.env[f'{name.upper()}_URL']}/v1", stack.headers) for name in SERVICES]
        for name, url, headers in [*of_services, ("mail", stack.mail_url, {})]:
            limits = httpx.Limits(max_keepalive_connections=0)
            setattr(self, name, httpx.AsyncClient(base_url=url, headers=headers, timeout=30, limits=limits))


@dataclass
class Chaos:
    """``cascade`` is what was published last. ``lost`` and ``garbage`` are what the run itself did to the topic,
    ``mails`` those read from the box so far."""

    stack: ChaosStack
    doors: Doors
    cascada: Cascada
    load: Load
    honours_keys: bool = True
    cascade: list[Segment] = field(default_factory=list)
    lost: list[Heard] = field(default_factory=list)
    garbage: int = 0
    mails: list[MailSeen] = field(default_factory=list)

    @property
    def kafka(self) -> str:
        return self.stack.env["KAFKA_BOOTSTRAP_SERVERS"]

    async def rows(self, service: str, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of a service's database, read past the proxy."""
        connection = await asyncpg.connect(self.stack.env[f"{service.upper()}_DATABASE_URL"], timeout=10)
        try:
            return [tuple(row) for row in await connection.fetch(query, *given)]
        finally:
            await connection.close()

    async def number(self, service: str, query: str) -> int:
        """The one number that a query asks for."""
        [[found]] = await self.rows(service, query)
        return int(found)

    def signal(self, program: str, number: signal.Signals) -> int:
        """Send a process a signal; returns the id it has."""
        pid = self.stack.pid_of(program)
        assert pid is not None, f"{program} does not run"
        os.kill(pid, number)
        return pid

    async def freeze(self, program: str) -> tuple[int, str]:
        """Hold a process still (SIGSTOP); its id, and its state as the machine tells it."""
        pid = self.signal(program, signal.SIGSTOP)
        await eventually(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
        return pid, psutil.Process(pid).status()

    async def is_back(self, program: str, was: int, within: float = 60.0) -> int:
        """Wait until another process stands in the place of one that is gone; returns its id."""

        def another() -> int:
            now = self.stack.pid_of(program) or was
            return 0 if now == was or _lives(was) else now

        found: int = await eventually(another, within=within)
        return found

    async def serves(self, service: str, replica: int, within: float = 60.0) -> None:
        """Wait until a replica of an API is ready."""
        url = f"http://127.0.0.1:{self.doors.replica(service, replica)}/readyz"

        async def is_ready() -> bool:
            try:
                async with httpx.AsyncClient(timeout=5) as http:
                    return bool((await http.get(url)).status_code == 200)
            except httpx.HTTPError:
                return False

        await eventually(is_ready, within=within)

    async def goes_to(self, day: date, at: time) -> None:
        """Set the clock, and let the writers follow once both replicas of customers have."""
        self.stack.set_clock(datetime.combine(day, at, BUSINESS_ZONE))
        for replica in (1, 2):
            await eventually(partial(self._is_at, self.doors.replica("customers", replica), day), within=30)
        self.load.today = day

    async def _is_at(self, port: int, day: date) -> bool:
        try:
            async with httpx.AsyncClient(headers=self.stack.headers, timeout=5) as http:
                answer = await http.get(f"http://127.0.0.1:{port}/v1/status")
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and str(answer.json()["as_of"]) >= day.isoformat()

    def tomorrow(self) -> date:
        return self.cascada.now().astimezone(BUSINESS_ZONE).date() + timedelta(days=1)

    async def mail_stats(self) -> dict[str, int]:
        """What the mail gateway counted so far."""
        return dict((await self.cascada.mail.get("/stats")).json())

    async def mail_faults(self, mode: str, rate: float = 1.0, seconds: float = 1.0) -> None:
        """What a share of the gateway's calls meets from now on."""
        answer = await self.cascada.mail.put("/faults", json={"mode": mode, "rate": rate, "seconds": seconds})
        assert answer.status_code == 200, answer.text


def _lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@asynccontextmanager
async def running_chaos(folder: Path, start: datetime, *, a_second: float, honours_keys: bool) -> AsyncIterator[Chaos]:
    """The stack, its proxies and a load that does not run yet, for as long as the block runs."""
    doors = Doors()
    with ProxyThread() as thread:
        doors.open(thread)
        set_clock(LocalFolder(folder), start.isoformat())
        keys = {"MAIL_GATEWAY_HONOURS_KEYS": str(honours_keys).lower()}
        asked = {**doors.environment, **WORKERS, **keys, "DATABASE_URL": ""}
        process = StackProcess(folder, asked, module="tests.chaos.up")
        try:
            stack = await asyncio.to_thread(ChaosStack, process, doors)
            RUNNING.append(stack)
            cascada = ChaosCascada(stack)
            yield Chaos(stack, doors, cascada, _load(stack, start.date(), a_second), honours_keys)
            await cascada.close()
        finally:
            RUNNING[:] = [other for other in RUNNING if other.process is not process]
            await asyncio.to_thread(process.stop)
            stop_leftovers(process.folder)


def _load(stack: Stack, today: date, a_second: float) -> Load:
    return Load(stack.customers_url, stack.env["API_KEY"], shapes(), today, a_second)
