"""Aging buckets (meaning.md 11)."""

from tests.oracle.settings import Settings


def bucket(days_past_due: int, settings: Settings) -> str:
    """The id of the aging bucket of so many days (11)."""
    first, second, third = settings.aging_edges
    if days_past_due == 0:
        return "current"
    if days_past_due <= first:
        return f"1-{first}"
    if days_past_due <= second:
        return f"{first + 1}-{second}"
    return f"{second + 1}-{third}" if days_past_due <= third else f"{third + 1}+"
