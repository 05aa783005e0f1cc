"""The stack of the fault run: two replicas of each API behind balancers, and PostgreSQL behind the proxy of COMMITs.

Started like ``make up`` (``python -m tests.chaos.up``), with the ports of ``doors.py`` in the environment.
"""

import os
from dataclasses import replace
from urllib.parse import urlsplit

from deploy.local.program import Program
from deploy.local.services import SERVICES, ServicePlan, service_plan
from deploy.local.settings import LocalSettings
from deploy.local.up import main
from tests.chaos.doors import BALANCER, POSTGRES_DOOR, SECOND


def plan(settings: LocalSettings, database_url: str) -> ServicePlan:
    """The usual processes, whose addresses lead through the proxies, and a second replica of each API."""
    usual = service_plan(settings, _at_port(database_url, os.environ[POSTGRES_DOOR]))
    services = [_through_balancers(program) for program in usual.services]
    return ServicePlan(
        preparations=usual.preparations,
        services=[*services, *(_second(program) for program in services if program.name.endswith("-api"))],
        ready_urls=[*usual.ready_urls, *(f"http://127.0.0.1:{_port(SECOND, one)}/readyz" for one in SERVICES)],
    )


def _through_balancers(program: Program) -> Program:
    addresses = {f"{one.upper()}_URL": f"http://127.0.0.1:{_port(BALANCER, one)}" for one in SERVICES}
    return replace(program, environment={**program.environment, **addresses})


def _second(program: Program) -> Program:
    service = program.name.removesuffix("-api")
    port = {f"{service.upper()}_PORT": _port(SECOND, service)}
    return replace(program, name=f"{program.name}-2", environment={**program.environment, **port})


def _port(door: str, service: str) -> str:
    return os.environ[f"{door}{service.upper()}"]


def _at_port(url: str, port: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


if __name__ == "__main__":
    main(plan)
