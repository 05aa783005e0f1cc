"""PostgreSQL as all services use it: one engine, visible transactions, whole-transaction retries, migrations."""
