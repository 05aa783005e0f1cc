"""Customers, their documents and variables, invoices, payments, and which payment paid which invoice."""

from alembic import op

from shared.database import standing_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of facts."""
    standing_tables.create_instance_v1()
    standing_tables.create_outbox_v1()
    _create_variables()
    _create_customers()
    _create_invoices()
    _create_payments()
    _create_applications()


def _create_variables() -> None:
    op.execute(
        """
        CREATE TABLE variables (
            key text COLLATE "C" PRIMARY KEY,
            type text NOT NULL,
            title_es text NOT NULL,
            title_en text,
            description text,
            choices text[],
            sequence bigint NOT NULL
        )
        """
    )


def _create_customers() -> None:
    """``seq`` changes with every event: no index may hold it. ``name_words`` is the folded name, for search."""
    op.execute(
        """
        CREATE TABLE customers (
            customer_id text COLLATE "C" PRIMARY KEY,
            seq bigint NOT NULL,
            type text NOT NULL,
            name text NOT NULL,
            name_words text NOT NULL,
            name_search tsvector NOT NULL
                GENERATED ALWAYS AS (array_to_tsvector(string_to_array(name_words, ' '))) STORED,
            currency text NOT NULL,
            registered_on date NOT NULL,
            email text,
            emails jsonb NOT NULL,
            addresses jsonb NOT NULL,
            phone text,
            document_type text,
            document_number text,
            document_country text,
            language text,
            time_zone text,
            country text,
            portfolio text,
            client_type text,
            risk_score jsonb,
            do_not_contact_until date,
            variables jsonb NOT NULL
        ) WITH (fillfactor = 80)
        """
    )
    op.execute("CREATE INDEX customers_by_name ON customers USING gin (name_search)")
    op.execute("CREATE INDEX customers_by_address ON customers USING gin (addresses jsonb_path_ops)")
    op.execute("CREATE INDEX customers_by_variable ON customers USING gin (variables jsonb_path_ops)")
    op.execute(
        """
        CREATE TABLE documents (
            document_key text COLLATE "C" PRIMARY KEY,
            number text COLLATE "C" NOT NULL,
            customer_id text COLLATE "C" NOT NULL UNIQUE REFERENCES customers
        )
        """
    )
    op.execute("CREATE INDEX documents_by_number ON documents (number, customer_id)")


def _create_invoices() -> None:
    """``is_open`` is a flag of its own: an index on ``balance > 0`` would make every update of a balance costly."""
    op.execute(
        """
        CREATE TABLE invoices (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            invoice_id text COLLATE "C" NOT NULL,
            issued_on date NOT NULL,
            due_on date NOT NULL,
            amount numeric NOT NULL,
            currency text NOT NULL,
            number text,
            product text,
            description text,
            lines jsonb NOT NULL,
            balance numeric NOT NULL CHECK (balance >= 0),
            settled_on date,
            is_open boolean NOT NULL GENERATED ALWAYS AS (balance > 0) STORED,
            PRIMARY KEY (customer_id, invoice_id)
        ) WITH (fillfactor = 80)
        """
    )
    op.execute("CREATE INDEX invoices_open ON invoices (customer_id, due_on) WHERE is_open")
    op.execute("CREATE INDEX invoices_recent ON invoices (customer_id, issued_on DESC, invoice_id DESC)")


def _create_payments() -> None:
    op.execute(
        """
        CREATE TABLE payments (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            payment_id text COLLATE "C" NOT NULL,
            status text NOT NULL,
            amount numeric NOT NULL,
            currency text NOT NULL,
            occurred_at timestamptz NOT NULL,
            occurred_on date NOT NULL,
            method text,
            failure_reason text,
            allocations jsonb NOT NULL,
            unapplied numeric NOT NULL CHECK (unapplied >= 0),
            is_waiting boolean NOT NULL GENERATED ALWAYS AS (unapplied > 0) STORED,
            PRIMARY KEY (customer_id, payment_id)
        ) WITH (fillfactor = 80)
        """
    )
    op.execute("CREATE INDEX payments_waiting ON payments (customer_id) WHERE is_waiting")
    op.execute("CREATE INDEX payments_recent ON payments (customer_id, occurred_at DESC, payment_id DESC)")


def _create_applications() -> None:
    """``seq`` is that of the event that made them, ``place`` their order in it."""
    op.execute(
        """
        CREATE TABLE applications (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            seq bigint NOT NULL,
            place integer NOT NULL,
            credit_kind text NOT NULL,
            credit_id text COLLATE "C" NOT NULL,
            invoice_id text COLLATE "C" NOT NULL,
            amount numeric NOT NULL CHECK (amount > 0),
            currency text NOT NULL,
            applied_on date NOT NULL,
            PRIMARY KEY (customer_id, seq, place)
        )
        """
    )
