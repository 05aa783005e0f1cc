"""A write that looked without a lock can say that another one came first (decision 62)."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the function that ends such a statement as a serialization failure, which callers know how to repeat."""
    op.execute(
        """
        CREATE FUNCTION another_was_first() RETURNS bigint LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'another write of this customer came first' USING ERRCODE = 'serialization_failure';
        END
        $$
        """
    )
