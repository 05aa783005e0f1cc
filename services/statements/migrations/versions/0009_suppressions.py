"""Suppressed addresses as people see them: by whom they were learnt, and whose they are now."""

from alembic import op

revision = "0009"
down_revision = "0008"

_STEPS = """
CREATE FUNCTION address_hashes(email text, emails text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT encode(sha256(convert_to(lower(btrim(address)), 'UTF8')), 'hex')), '{}')
    FROM unnest(emails || email) AS given (address) WHERE address IS NOT NULL
$$;
CREATE INDEX customers_by_address ON customers USING gin (address_hashes(email, emails));
ALTER TABLE suppressions
    ADD COLUMN suppression_id text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text,
    ADD COLUMN customer_id text COLLATE "C",
    ADD COLUMN delivery_id text COLLATE "C",
    ADD COLUMN n integer;
UPDATE suppressions s SET customer_id = d.customer_id, delivery_id = a.delivery_id, n = a.n
FROM addresses a JOIN deliveries d USING (delivery_id)
WHERE a.state IN ('bounced', 'complained') AND address_hashes(a.address, '{}') = ARRAY[s.address_sha256];
ALTER TABLE suppressions
    ALTER COLUMN suppression_id DROP DEFAULT,
    ALTER COLUMN customer_id SET NOT NULL,
    ALTER COLUMN delivery_id SET NOT NULL,
    ALTER COLUMN n SET NOT NULL,
    ADD UNIQUE (suppression_id)
"""


def upgrade() -> None:
    """Find for each suppression the mail that brought it."""
    for statement in _STEPS.split(";"):
        op.execute(statement)
