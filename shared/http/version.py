"""The version of the HTTP interfaces, as each service tells it."""

VERSION = "1"
