"""Who a rule is for. Archived and erased customers are in no audience. Source: meaning.md 43."""

from datetime import date

from services.statements.domain.account_as_of import oldest_age
from services.statements.domain.aging import Edges, bucket
from services.statements.domain.facts import Account
from services.statements.domain.rule import Audience


def is_in(audience: Audience, account: Account, as_of: date, edges: Edges) -> bool:
    """Whether a customer is in an audience as of a day; an empty part restricts nothing."""
    if account.customer.archived or account.customer.erased:
        return False
    return (
        _one_of(audience.segment_ids, account.segment_id)
        and _one_of(audience.customer_types, account.customer.type)
        and (not audience.aging_buckets or bucket(oldest_age(account, as_of), edges) in audience.aging_buckets)
    )


def _one_of(wanted: tuple[str, ...], found: str | None) -> bool:
    return not wanted or found in wanted
