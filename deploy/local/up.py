"""``make up``: run the local stack in the foreground."""

import sys

from deploy.local.problem import LocalProblem
from deploy.local.services import service_plan
from deploy.local.settings import read_settings
from deploy.local.stack import Plan, run_stack


def main(plan: Plan = service_plan) -> None:
    """Run the stack that the environment describes; a problem is one clear message and exit status 1."""
    try:
        run_stack(read_settings(), plan)
    except LocalProblem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
