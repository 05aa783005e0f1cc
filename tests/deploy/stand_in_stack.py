"""``make up`` with stand-ins in place of the services, so that the stack is tested by itself."""

import os
import sys

from deploy.local.program import Program
from deploy.local.services import SERVICES, ServicePlan, service_environment
from deploy.local.settings import LocalSettings
from deploy.local.up import main


def stand_in_plan(settings: LocalSettings, database_url: str) -> ServicePlan:
    """Three stand-ins, and a migration that ends as ``MIGRATION_STATUS`` says."""
    environment = service_environment(settings, database_url)
    status = os.environ.get("MIGRATION_STATUS", "0")
    migration = [sys.executable, "-c", f"import sys; print('migrating'); sys.exit({status})"]
    return ServicePlan(
        preparations=[[Program("customers-migrate", lambda: migration, environment)]],
        services=[_stand_in(f"{service}-api", f"{service.upper()}_PORT", environment) for service in SERVICES],
        ready_urls=[settings.url(f"{service.upper()}_PORT") + "/readyz" for service in SERVICES],
    )


def _stand_in(name: str, port: str, environment: dict[str, str]) -> Program:
    return Program(name, lambda: [sys.executable, "-m", "tests.deploy.stand_in_service", port], environment)


if __name__ == "__main__":
    main(stand_in_plan)
