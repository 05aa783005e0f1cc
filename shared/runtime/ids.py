"""Ids that Cascada makes: UUIDv7, so they sort by the time they were made.

Our own, because asking the system for randomness for each of a batch's events cost as much as deciding them. Nobody
must be kept from guessing an id; a generator seeded once by the system makes them as rare.
"""

import random
import time

_RANDOM = random.Random()  # noqa: S311 - it keeps no secret
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62


def new_id() -> str:
    """A new UUIDv7 in its usual text form: milliseconds, 12 bits of what they leave over, 62 random ones."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = (nanoseconds << 12) // 1_000_000
    made = f"{milliseconds << 80 | _VERSION_7 | fraction << 64 | _VARIANT | _RANDOM.getrandbits(62):032x}"
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"
