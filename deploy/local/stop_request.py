"""Ctrl-C and SIGTERM, remembered and looked at between steps, so that nothing is left half started."""

import signal
from types import FrameType


class StopRequested(Exception):
    """Someone asked the stack to stop."""


class StopRequest:
    """From its making on, the two signals no longer end this process."""

    def __init__(self) -> None:
        self._received = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._received = True

    def go_on(self) -> bool:
        """True, so that it can stand in the condition of a loop that waits.

        Raises
        ------
        StopRequested
            A stop was asked for.
        """
        if self._received:
            raise StopRequested
        return True
