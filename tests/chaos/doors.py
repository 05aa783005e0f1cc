"""The ports of the proxies, and the variables in which the stack's process is told them."""

from dataclasses import dataclass, field

from deploy.local.ports import free_port
from deploy.local.services import SERVICES
from deploy.local.stack_process import free_ports
from tests.chaos.proxy.balancer import Balancer
from tests.chaos.proxy.commits import Commits
from tests.chaos.proxy.thread import ProxyThread

BALANCER = "CHAOS_BALANCER_"
SECOND = "CHAOS_SECOND_"
POSTGRES_DOOR = "CHAOS_POSTGRES"


@dataclass
class Doors:
    """A port for each proxy and each second replica, beside the stack's own ``ports``."""

    ports: dict[str, str] = field(default_factory=free_ports)
    _others: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [POSTGRES_DOOR, *(f"{door}{one.upper()}" for door in (BALANCER, SECOND) for one in SERVICES)]
        taken = set(self.ports.values())
        for name in names:
            while (port := str(free_port())) in taken:
                continue
            taken.add(port)
            self._others[name] = port
        self.commits = Commits(int(self.ports["POSTGRES_PORT"]))
        self.balancers = {one: Balancer([self.replica(one, 1), self.replica(one, 2)]) for one in SERVICES}

    @property
    def environment(self) -> dict[str, str]:
        """What the stack's process must know."""
        return {**self.ports, **self._others}

    def replica(self, service: str, number: int) -> int:
        """Where a replica of an API listens."""
        name = service.upper()
        return int(self.ports[f"{name}_PORT"] if number == 1 else self._others[f"{SECOND}{name}"])

    def url(self, service: str) -> str:
        """Where a service is called."""
        return f"http://127.0.0.1:{self._others[BALANCER + service.upper()]}"

    def open(self, thread: ProxyThread) -> None:
        """Let the proxies listen."""
        thread.serve(int(self._others[POSTGRES_DOOR]), self.commits.handle)
        for service, balancer in self.balancers.items():
            thread.serve(int(self._others[BALANCER + service.upper()]), balancer.handle)
