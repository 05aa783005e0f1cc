"""Lines of a batch that bring subscriptions, disputes and promises, or a part of a customer (``"merge": true``)."""

from typing import Any

from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.dispute import Dispute
from services.customers.domain.promise import AskedPromise
from services.customers.domain.subscription import AskedSubscription
from services.customers.inbound.http.customer_patch_body import CustomerPatch
from services.customers.inbound.http.dispute_body import DisputeBody
from services.customers.inbound.http.promise_body import PromiseBody
from services.customers.inbound.http.subscription_body import SubscriptionBody
from shared.basics.errors import mistake
from shared.http.fields import Id


class _SubscriptionLine(SubscriptionBody):
    customer_id: Id
    id: Id


class _DisputeLine(DisputeBody):
    customer_id: Id
    id: Id


class _PromiseLine(PromiseBody):
    customer_id: Id
    id: Id


class _PatchLine(CustomerPatch):
    customer_id: Id


def subscription(body: dict[str, Any]) -> AskedSubscription:
    """What a line asks of a subscription."""
    line = _SubscriptionLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def dispute(body: dict[str, Any]) -> Dispute:
    """What a line asks of a dispute."""
    line = _DisputeLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def promise(body: dict[str, Any]) -> AskedPromise:
    """What a line asks of a promise."""
    line = _PromiseLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def merges(body: dict[str, Any]) -> bool:
    """Whether a customer's line brings a part of it only; its ``merge`` is taken out of it."""
    merge = body.pop("merge", None)
    if merge is not None and not isinstance(merge, bool):
        raise mistake("/merge", "wrong_type", "true or false is wanted")
    return bool(merge)


def patch(body: dict[str, Any]) -> AskedPatch:
    """What a line asks of a part of a customer."""
    line = _PatchLine.model_validate(body)
    return line.asked(line.customer_id)
