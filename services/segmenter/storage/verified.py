"""Which rows ``verify`` compares: every fact, what is counted of them, and where customers stand by it.

When and how often somebody was moved is history, and may differ.
"""

from shared.messaging.comparing import Compared

TABLES = (
    Compared("customers", ("customer_id",), is_personal=True),
    Compared("payments", ("customer_id", "payment_id")),
    Compared("refunds", ("customer_id", "payment_id", "refund_id")),
    Compared("credit_notes", ("customer_id", "credit_note_id")),
    Compared("invoices", ("customer_id", "invoice_id")),
    Compared("due_dates", ("customer_id", "invoice_id", "seq")),
    Compared("applications", ("customer_id", "invoice_id", "credit_kind", "credit_id"), where="amount <> 0"),
    Compared("subscriptions", ("customer_id", "subscription_id")),
    Compared("disputes", ("customer_id", "dispute_id")),
    Compared("promises", ("customer_id", "promise_id")),
    Compared("behaviour", ("customer_id",)),
    Compared("days", ("customer_id", "day")),
    Compared("membership", ("customer_id",), columns=("segment_id", "aging_bucket", "risk_level")),
    Compared("alerts_held", ("customer_id", "alert_rule_id"), columns=("alert_rule_id",)),
)
