"""A service's command line as an operator meets it: words in; what was printed, and the exit status, out."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from shared.runtime.command_line import Command, read_command_line
from shared.runtime.commands import run_command


@dataclass(frozen=True)
class Terminal:
    """``python -m services.<service>`` in the environment of the test's own process, over one database."""

    service: str
    commands: Iterable[Command]
    url: str
    printed: pytest.CaptureFixture[str]

    async def runs(self, *words: str) -> tuple[int, list[str]]:
        """(exit status, lines said) of a command, as ``__main__`` runs it."""
        self.printed.readouterr()
        given = read_command_line(f"services.{self.service}", (), lambda: self.commands, words)
        try:
            last = await asyncio.to_thread(run_command, given, self.url)
        except SystemExit as end:
            return (1, [*self._lines(), str(end.code)])
        return (0, [*self._lines(), *last.splitlines()])

    def _lines(self) -> list[str]:
        return self.printed.readouterr().out.splitlines()
