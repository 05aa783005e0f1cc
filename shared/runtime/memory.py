"""What starting a process made stays for good: the garbage collector need not look at all of it again and again."""

import gc

_YOUNG_OBJECTS = 20_000
"""A batch of 10,000 lines makes a few hundred thousand objects, none of them garbage: by the usual 700 the collector
would look through them hundreds of times, which took a fifth of the whole."""


def keep_what_started() -> None:
    """To be called once, when a role is about to run: a full collection then costs what the work made, no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)
