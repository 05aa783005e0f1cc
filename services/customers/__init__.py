"""customers: customers, custom variables, invoices and payments; applies credit and tells every fact in order."""
