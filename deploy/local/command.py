"""``make command RUN="segmenter verify --all"``: a command of a service, in the environment of the stack that runs.

It becomes the command: what that prints and how it ends is all there is.
"""

import os
import sys
from collections.abc import Sequence

from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem
from deploy.local.services import SERVICES, service_environment
from deploy.local.settings import ROOT, LocalSettings, read_settings
from deploy.local.stack_process import read_env_file


def command_environment(settings: LocalSettings) -> dict[str, str]:
    """What the stack's services read; addresses are those of ``stack.env``, whatever ports are set by now.

    Raises
    ------
    LocalProblem
        No stack is ready.
    """
    told = _told(settings.folder)
    found = {**os.environ, **service_environment(settings, told["CUSTOMERS_DATABASE_URL"]), **told}
    return {**found, "MAIL_GATEWAY_URL": os.environ.get("MAIL_GATEWAY_URL") or told["MAIL_URL"]}


def _told(folder: LocalFolder) -> dict[str, str]:
    try:
        return read_env_file(folder.stack_env)
    except FileNotFoundError:
        raise LocalProblem(f"No stack is ready in {folder.path}; start one with: make up") from None


def main(words: Sequence[str]) -> None:
    """Become the command of the words: a service, then what it is to do."""
    service, *asked = words or [""]
    try:
        if service not in SERVICES:
            raise LocalProblem(
                f"{service!r} is no service; say one of {', '.join(SERVICES)}, then a command or --help."
            )
        environment = command_environment(read_settings())
    except LocalProblem as problem:
        sys.exit(str(problem))
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", f"services.{service}", *asked], environment)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
