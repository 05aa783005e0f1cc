"""Keeps the processes of a stack alive: whatever dies is started again, until everything is stopped in reverse."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.folder import LocalFolder
from deploy.local.program import Child, Program

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0
_STEADY_SECONDS = 10.0

Say = Callable[[str, str], None]


@dataclass
class _Kept:
    child: Child
    pause: float = _FIRST_PAUSE
    restart_at: float | None = None


class Supervisor:
    """The running programs of one stack, in the order they were started."""

    def __init__(self, folder: LocalFolder, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._kept: list[_Kept] = []

    def start(self, program: Program) -> Child:
        """Start a program and keep it alive from now on, as long as :meth:`tend` is called."""
        kept = _Kept(Child(program, self._folder))
        self._kept.append(kept)
        return kept.child

    def tend(self) -> None:
        """Start again what has died: at once the first time, at most 2 seconds later when it keeps dying."""
        for kept in self._kept:
            if kept.child.exit_status is not None:
                self._revive(kept)

    def _revive(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.restart_at is None:
            steady = now - kept.child.started > _STEADY_SECONDS
            kept.pause = _FIRST_PAUSE if steady else min(2 * kept.pause, _LONGEST_PAUSE)
            kept.restart_at = now + kept.pause
            self._say(kept.child.program.name, f"ended (status {kept.child.exit_status}); starting it again")
        if now >= kept.restart_at:
            kept.child = Child(kept.child.program, self._folder)
            kept.restart_at = None

    def stop(self, *, last: int) -> None:
        """Stop everything in reverse order: at once all but the first ``last`` started, then those one by one."""
        leaving = [kept.child for kept in reversed(self._kept[last:])]
        for child in leaving:
            child.ask_to_stop()
        for child in leaving:
            child.wait_until_stopped()
        for kept in reversed(self._kept[:last]):
            kept.child.ask_to_stop()
            kept.child.wait_until_stopped()
        self._kept.clear()
