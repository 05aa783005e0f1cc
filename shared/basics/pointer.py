"""JSON pointers (RFC 6901): where in a body a mistake is."""


def pointer(*steps: str | int) -> str:
    """``pointer("rule", "all", 0)`` → ``/rule/all/0``; no steps name the whole body (``""``)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
