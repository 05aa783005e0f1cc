"""The environment of customers, read once, frozen."""

from shared.runtime.settings import CommonSettings, DatabaseUrl


class Settings(CommonSettings):
    """What customers needs beside what every service does."""

    customers_database_url: DatabaseUrl
    customers_port: int = 8001
