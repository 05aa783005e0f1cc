"""Real servers and fresh databases for every test; see ``tests/support``."""

pytest_plugins = ["tests.support.fixtures"]
