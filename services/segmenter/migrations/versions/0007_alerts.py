"""Alert rules, for whom each holds, and the alerts that were raised."""

from alembic import op

revision = "0007"
down_revision = "0006"

_RULES = """
CREATE TABLE alert_rules (
    alert_rule_id text COLLATE "C" PRIMARY KEY,
    body jsonb NOT NULL,
    is_deleted boolean NOT NULL DEFAULT false,
    judged_up_to text COLLATE "C"
)
"""
_HELD = """
CREATE TABLE alerts_held (
    customer_id text COLLATE "C" NOT NULL,
    alert_rule_id text COLLATE "C" NOT NULL,
    alert_id uuid,
    PRIMARY KEY (customer_id, alert_rule_id)
)
"""
_ALERTS = """
CREATE TABLE alerts (
    customer_id text COLLATE "C" NOT NULL,
    alert_id uuid NOT NULL,
    alert_rule_id text COLLATE "C" NOT NULL,
    action text NOT NULL,
    status text NOT NULL,
    as_of date NOT NULL,
    overdue_balance numeric NOT NULL,
    currency text NOT NULL,
    days_past_due integer NOT NULL,
    reasons jsonb NOT NULL,
    PRIMARY KEY (customer_id, alert_id)
) WITH (fillfactor = 80)
"""


def upgrade() -> None:
    """``judged_up_to``: up to which customer a new or changed rule was judged; null once for everyone.

    A row of ``alerts_held`` without ``alert_id`` is an episode that was noted silently.
    """
    for statement in (_RULES, _HELD, _ALERTS):
        op.execute(statement)
    op.execute("CREATE UNIQUE INDEX alerts_by_id ON alerts (alert_id)")
    op.execute("CREATE INDEX alerts_by_balance ON alerts (overdue_balance DESC, alert_id)")
