"""The company's colour beside text: what can be read on it, and where it can be read itself."""

INK = "#1d2433"
PAPER = "#ffffff"


def readable_on(colour: str) -> str:
    """Dark or white, whichever can be read on a colour (``#rrggbb``)."""
    return INK if _is_light(colour) else PAPER


def readable_on_paper(colour: str) -> str:
    """The colour itself, or ink where white paper would swallow it."""
    return INK if _is_light(colour) else colour


def _is_light(colour: str) -> bool:
    """By its relative luminance."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.35


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
