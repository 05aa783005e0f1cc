"""What was applied to an invoice, as SQL; ``row`` is an alias with the columns ``customer_id`` and ``invoice_id``."""


def credited(row: str) -> str:
    """What credit notes took off it; write-offs are none. Source: meaning.md 5 and 12."""
    return _sum(row, "a.credit_kind = 'credit_note'")


def in_time(row: str, until: str) -> str:
    """What payments paid of it up to a day."""
    return _sum(row, f"a.credit_kind = 'payment' AND a.applied_on <= {until}")


def _sum(row: str, condition: str) -> str:
    return (
        f"coalesce((SELECT sum(a.amount) FROM applications a WHERE a.customer_id = {row}.customer_id"
        f" AND a.invoice_id = {row}.invoice_id AND {condition}), 0)"
    )
