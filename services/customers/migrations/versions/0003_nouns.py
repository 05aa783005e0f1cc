"""Subscriptions, disputes, promises; customers that are archived or erased."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; let customers be archived and erased."""
    _create_subscriptions()
    _create_disputes()
    _create_promises()
    op.execute("ALTER TABLE customers ADD archived boolean NOT NULL DEFAULT false, ADD erased_on date")
    op.execute("CREATE INDEX customers_by_archived ON customers (archived, customer_id) WHERE erased_on IS NULL")


def _create_subscriptions() -> None:
    """``changed_on`` is a list of dates."""
    op.execute(
        """
        CREATE TABLE subscriptions (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            subscription_id text COLLATE "C" NOT NULL,
            product text NOT NULL,
            status text NOT NULL,
            started_on date NOT NULL,
            ended_on date,
            amount numeric,
            currency text,
            interval text,
            changed_on jsonb NOT NULL,
            PRIMARY KEY (customer_id, subscription_id)
        )
        """
    )


def _create_disputes() -> None:
    op.execute(
        """
        CREATE TABLE disputes (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            dispute_id text COLLATE "C" NOT NULL,
            opened_on date NOT NULL,
            category text,
            closed_on date,
            invoice_id text COLLATE "C",
            PRIMARY KEY (customer_id, dispute_id)
        )
        """
    )


def _create_promises() -> None:
    op.execute(
        """
        CREATE TABLE promises (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            promise_id text COLLATE "C" NOT NULL,
            amount numeric NOT NULL CHECK (amount > 0),
            currency text NOT NULL,
            made_on date NOT NULL,
            due_on date NOT NULL,
            cancelled boolean NOT NULL,
            PRIMARY KEY (customer_id, promise_id)
        )
        """
    )
