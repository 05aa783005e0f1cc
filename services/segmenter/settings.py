"""The environment of the segmenter, read once, frozen."""

from pydantic import AnyHttpUrl

from shared.runtime.settings import CommonSettings, DatabaseUrl


class Settings(CommonSettings):
    """What the segmenter needs beside what every service does.

    ``statements_url``: where suppressed addresses are read; without it only those told by its topic are known.
    """

    segmenter_database_url: DatabaseUrl
    segmenter_port: int = 8002
    customers_url: AnyHttpUrl
    statements_url: AnyHttpUrl | None = None
