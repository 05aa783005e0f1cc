"""What the variables of debts and payments mean. Source: meaning.md 7-15."""

from services.segmenter.domain.meaning import meaning

OWED = {
    "total_balance": meaning(
        "Saldo total",
        "Total balance",
        "Suma de los saldos de las facturas abiertas en la moneda de cobro del cliente.",
        "The sum of the balances of open invoices in the customer's billing currency.",
    ),
    "overdue_balance": meaning(
        "Saldo vencido",
        "Overdue balance",
        "Suma de los saldos de las facturas abiertas que vencieron antes de hoy, en la moneda de cobro.",
        "The sum of the balances of open invoices that fell due before today, in the billing currency.",
    ),
    "unapplied_credit": meaning(
        "Saldo a favor",
        "Unapplied credit",
        "Dinero recibido o acreditado que aún no se aplica a ninguna factura, en la moneda de cobro.",
        "Money received or credited that is not applied to any invoice yet, in the billing currency.",
    ),
    "highest_open_invoice": meaning(
        "Mayor factura abierta",
        "Highest open invoice",
        "El mayor saldo de una sola factura abierta en la moneda de cobro.",
        "The largest balance of a single open invoice in the billing currency.",
    ),
    "invoices_issued": meaning(
        "Facturas emitidas",
        "Invoices issued",
        "Cuántas facturas se emitieron, sin las anuladas; en total o en los últimos N días.",
        "How many invoices were issued, voided ones left out; in all, or within the last N days.",
    ),
    "last_invoice_on": meaning(
        "Última factura",
        "Last invoice",
        "Fecha de emisión de la factura no anulada más reciente.",
        "The issue date of the latest invoice that is not void.",
    ),
    "days_past_due": meaning(
        "Días de mora",
        "Days past due",
        "Días desde el vencimiento más antiguo entre las facturas abiertas; 0 si nada está vencido.",
        "Days since the earliest due date of an open invoice; 0 when nothing is overdue.",
    ),
    "aging_bucket": meaning(
        "Tramo de mora",
        "Aging bucket",
        "Tramo en que caen los días de mora, según los bordes publicados; current (al día) si nada está vencido.",
        "The bucket that the days past due fall into, by the published edges; current when nothing is overdue.",
    ),
    "oldest_due_on": meaning(
        "Vencimiento más antiguo",
        "Oldest due date",
        "La fecha de vencimiento más antigua entre las facturas abiertas.",
        "The earliest due date of an open invoice.",
    ),
}
PAID = {
    "lifetime_paid": meaning(
        "Pagado en total",
        "Paid in all",
        "Todo lo que el cliente ha pagado en su moneda de cobro, menos los reembolsos.",
        "All that the customer has paid in the billing currency, less refunds.",
    ),
    "failed_payments": meaning(
        "Pagos fallidos",
        "Failed payments",
        "Cuántos intentos de pago fallaron; en total o en los últimos N días.",
        "How many payment attempts failed; in all, or within the last N days.",
    ),
    "successful_payments": meaning(
        "Pagos exitosos",
        "Successful payments",
        "Cuántos pagos entraron, sin los reembolsados por completo; en total o en los últimos N días.",
        "How many payments succeeded, wholly refunded ones left out; in all, or within the last N days.",
    ),
    "amount_paid": meaning(
        "Monto pagado",
        "Amount paid",
        "Lo pagado en la moneda de cobro, menos los reembolsos; en total o en los últimos N días.",
        "What was paid in the billing currency, less refunds; in all, or within the last N days.",
    ),
    "consecutive_failed_payments": meaning(
        "Pagos fallidos seguidos",
        "Consecutive failed payments",
        "Cuántos intentos han fallado después del último pago exitoso.",
        "How many attempts have failed after the last successful payment.",
    ),
    "payments_per_month": meaning(
        "Pagos por mes",
        "Payments per month",
        "Pagos exitosos de los últimos 365 días divididos por 12, con dos decimales.",
        "Successful payments within the last 365 days, divided by 12, to two decimals.",
    ),
    "first_payment_on": meaning(
        "Primer pago", "First payment", "Fecha del primer pago exitoso.", "The date of the first successful payment."
    ),
    "last_payment_on": meaning(
        "Último pago", "Last payment", "Fecha del último pago exitoso.", "The date of the last successful payment."
    ),
    "last_failed_payment_on": meaning(
        "Último pago fallido",
        "Last failed payment",
        "Fecha del último intento de pago que falló.",
        "The date of the last payment attempt that failed.",
    ),
    "last_activity_on": meaning(
        "Última actividad",
        "Last activity",
        "Fecha del último intento de pago, de la última factura emitida o del último cambio de una suscripción.",
        "The date of the last payment attempt, the last invoice issued or the last change of a subscription.",
    ),
}
