"""Real servers and fresh databases for every test; see ``tests/support``."""

from shared.runtime.logging import configure_logging

pytest_plugins = ["tests.support.fixtures"]

configure_logging("tests", "tests")
