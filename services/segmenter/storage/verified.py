"""Which rows ``verify`` compares: every fact, what is counted of them, and where customers stand by it.

When and how often somebody was moved is history, and may differ.
"""

from shared.messaging.row_comparison import ComparedTable

TABLES = (
    ComparedTable("customers", ("customer_id",), is_personal=True),
    ComparedTable("payments", ("customer_id", "payment_id")),
    ComparedTable("refunds", ("customer_id", "payment_id", "refund_id")),
    ComparedTable("credit_notes", ("customer_id", "credit_note_id")),
    ComparedTable("invoices", ("customer_id", "invoice_id")),
    ComparedTable("due_dates", ("customer_id", "invoice_id", "seq")),
    ComparedTable("applications", ("customer_id", "invoice_id", "credit_kind", "credit_id"), where="amount <> 0"),
    ComparedTable("subscriptions", ("customer_id", "subscription_id")),
    ComparedTable("disputes", ("customer_id", "dispute_id")),
    ComparedTable("promises", ("customer_id", "promise_id")),
    ComparedTable("behaviour", ("customer_id",)),
    ComparedTable("days", ("customer_id", "day")),
    ComparedTable("membership", ("customer_id",), columns=("segment_id", "aging_bucket", "risk_level")),
    ComparedTable("alerts_held", ("customer_id", "alert_rule_id"), columns=("alert_rule_id",)),
)
