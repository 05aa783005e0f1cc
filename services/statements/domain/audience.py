"""Who a rule is for. Archived and erased customers are in no audience. Source: meaning.md 43."""

from dataclasses import dataclass
from datetime import date

from services.statements.domain.account_as_of import oldest_age
from services.statements.domain.aging import Edges, bucket
from services.statements.domain.facts import Account
from services.statements.domain.rule import Audience


@dataclass(frozen=True)
class Part:
    """A part of an audience: what a customer has there, and whether it holds; None if that cannot be said."""

    part: str
    value: str | bool | None
    holds: bool | None


def is_in(audience: Audience, account: Account, as_of: date, edges: Edges) -> bool:
    """Whether a customer is in an audience as of a day; an empty part restricts nothing."""
    if account.customer.archived or account.customer.erased:
        return False
    return (
        _one_of(audience.segment_ids, account.segment_id)
        and _one_of(audience.customer_types, account.customer.type)
        and (not audience.aging_buckets or bucket(oldest_age(account, as_of), edges) in audience.aging_buckets)
    )


def parts_of(audience: Audience, account: Account, as_of: date, edges: Edges, where_holds: bool | None) -> list[Part]:
    """The same part by part; ``where_holds`` is the segmenter's word, None if it has none."""
    customer, in_bucket = account.customer, bucket(oldest_age(account, as_of), edges)
    parts = [
        Part("archived", customer.archived, not customer.archived),
        Part("segment_ids", account.segment_id, _one_of(audience.segment_ids, account.segment_id)),
        Part("customer_types", customer.type, _one_of(audience.customer_types, customer.type)),
        Part("aging_buckets", in_bucket, _one_of(audience.aging_buckets, in_bucket)),
    ]
    return parts if audience.where is None else [*parts, Part("where", where_holds, where_holds)]


def _one_of(wanted: tuple[str, ...], found: str | None) -> bool:
    return not wanted or found in wanted
