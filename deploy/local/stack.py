"""A whole stack: the ground, migrations and a key, then the services; ``stack.env`` when all of it is ready.

``make up`` runs it in the foreground; tests and the demo start the same thing through ``stack_process``.
"""

import time
from collections.abc import Callable, Sequence

from deploy.local.alone import alone_in
from deploy.local.answering import answers
from deploy.local.folder import write_whole
from deploy.local.ground import Ground
from deploy.local.kafka_jars import kafka_class_path
from deploy.local.leftovers import stop_leftovers
from deploy.local.ports import is_free
from deploy.local.problem import LocalProblem
from deploy.local.program import Child, Program
from deploy.local.services import SERVICES, ServicePlan, shared_addresses
from deploy.local.settings import LocalSettings
from deploy.local.stop_request import StopRequest, StopRequested
from deploy.local.supervisor import Supervisor

_READY_SECONDS = 120.0
_LOOK_SECONDS = 0.1


Plan = Callable[[LocalSettings, str], ServicePlan]
"""Which services run over a stack's settings and its database server; tests have smaller ones."""


def run_stack(settings: LocalSettings, plan: Plan) -> None:
    """Run a stack until Ctrl-C or SIGTERM; a process that dies is started again.

    Raises
    ------
    LocalProblem
        It cannot start; what had started is stopped again.
    """
    ground = Ground(settings, kafka_class_path(lambda text: say("kafka", text)))
    with alone_in(settings.folder):
        _clear_the_way(settings)
        stop = StopRequest()
        supervisor = Supervisor(settings.folder, say)
        try:
            services = plan(settings, ground.database_url)
            ground.start(supervisor, say, stop.go_on)
            for group in services.preparations:
                _run_to_the_end(group, settings, stop)
            ground.wait(say, stop.go_on)
            _start_services(services, settings, supervisor, stop)
            _tell_ready(settings, ground.database_url)
            while stop.go_on():
                supervisor.tend()
                time.sleep(_LOOK_SECONDS)
        except StopRequested:
            say("stack", "stopping")
        finally:
            settings.folder.stack_env.unlink(missing_ok=True)
            supervisor.stop(last=ground.size)
    say("stack", "stopped")


def _clear_the_way(settings: LocalSettings) -> None:
    settings.folder.stack_env.unlink(missing_ok=True)
    for name in stop_leftovers(settings.folder):
        say(name, "left behind by a stack that was killed; stopped it")
    taken = [f"{port} ({name})" for name, port in settings.ports.items() if not is_free(port)]
    if taken:
        raise LocalProblem(
            f"Taken on 127.0.0.1: {', '.join(taken)}. Stop what listens there, or set these variables to other ports."
        )
    settings.folder.forget_logs()


def _start_services(plan: ServicePlan, settings: LocalSettings, supervisor: Supervisor, stop: StopRequest) -> None:
    for program in plan.services:
        supervisor.start(program)
        say(program.name, "started")
    deadline = time.monotonic() + _READY_SECONDS
    while stop.go_on() and not all(answers(url) for url in plan.ready_urls):
        if time.monotonic() > deadline:
            raise LocalProblem(f"The services are not ready after {_READY_SECONDS:.0f} seconds; see their logs.")
        supervisor.tend()
        time.sleep(_LOOK_SECONDS)


def _run_to_the_end(programs: Sequence[Program], settings: LocalSettings, stop: StopRequest) -> None:
    children = [Child(program, settings.folder) for program in programs]
    try:
        while stop.go_on() and any(child.exit_status is None for child in children):
            time.sleep(_LOOK_SECONDS)
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait_until_stopped()
    for program, child in zip(programs, children, strict=True):
        if child.exit_status != 0:
            raise LocalProblem(f"{program.name} failed:\n{child.last_words()}")
        say(program.name, "done")


def _tell_ready(settings: LocalSettings, database_url: str) -> None:
    told = shared_addresses(settings, database_url)
    write_whole(settings.folder.stack_env, "".join(f"{name}={value}\n" for name, value in told.items()))
    say("stack", f"ready; {settings.folder.stack_env} has every address")
    for service in SERVICES:
        say(service, f"{told[f'{service.upper()}_URL']}/docs")


def say(name: str, text: str) -> None:
    """One line for people, at once."""
    print(f"{name:<22} {text}", flush=True)
