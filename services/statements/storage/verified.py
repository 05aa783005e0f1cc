"""Which rows ``verify`` compares: the whole ledger as it was heard, balances and applications included."""

from shared.messaging.comparing import Compared

TABLES = (
    Compared("customers", ("customer_id",), is_personal=True),
    Compared("invoices", ("customer_id", "invoice_id")),
    Compared("due_changes", ("customer_id", "seq")),
    Compared("payments", ("customer_id", "payment_id")),
    Compared("refunds", ("customer_id", "payment_id", "refund_id")),
    Compared("credit_notes", ("customer_id", "credit_note_id")),
    Compared("disputes", ("customer_id", "dispute_id")),
    Compared("net_applications", ("customer_id", "credit_kind", "credit_id", "invoice_id"), where="amount <> 0"),
)
