"""Which rows ``verify`` compares: the whole ledger as it was heard, balances and applications included."""

from shared.messaging.row_comparison import ComparedTable

TABLES = (
    ComparedTable("customers", ("customer_id",), is_personal=True),
    ComparedTable("invoices", ("customer_id", "invoice_id")),
    ComparedTable("due_changes", ("customer_id", "seq")),
    ComparedTable("payments", ("customer_id", "payment_id")),
    ComparedTable("refunds", ("customer_id", "payment_id", "refund_id")),
    ComparedTable("credit_notes", ("customer_id", "credit_note_id")),
    ComparedTable("disputes", ("customer_id", "dispute_id")),
    ComparedTable("net_applications", ("customer_id", "credit_kind", "credit_id", "invoice_id"), where="amount <> 0"),
)
