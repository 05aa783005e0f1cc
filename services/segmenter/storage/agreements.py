"""Subscriptions, disputes and promises as heard: each told whole, so the last word replaces what was known."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.change import Change
from services.segmenter.domain.facts import Promise, Subscription
from services.segmenter.storage.bulk import Bulk
from shared.basics.text import fold

_SUBSCRIPTIONS = Bulk(
    """
    INSERT INTO subscriptions (customer_id, subscription_id, product, product_folded, status, started_on, ended_on,
        changed_on)
    SELECT customer_id, subscription_id, product, product_folded, status, started_on, ended_on, changed_on::date[]
    FROM {rows}
    ON CONFLICT (customer_id, subscription_id) DO UPDATE SET product = excluded.product,
        product_folded = excluded.product_folded, status = excluded.status, started_on = excluded.started_on,
        ended_on = excluded.ended_on, changed_on = excluded.changed_on
    """,
    customer_id="text",
    subscription_id="text",
    product="text",
    product_folded="text",
    status="text",
    started_on="date",
    ended_on="date",
    changed_on="text",
)
_DISPUTES = Bulk(
    """
    INSERT INTO disputes (customer_id, dispute_id, invoice_id, opened_on, closed_on) SELECT * FROM {rows}
    ON CONFLICT (customer_id, dispute_id) DO UPDATE SET invoice_id = excluded.invoice_id,
        opened_on = excluded.opened_on, closed_on = excluded.closed_on
    """,
    customer_id="text",
    dispute_id="text",
    invoice_id="text",
    opened_on="date",
    closed_on="date",
)
_PROMISES = Bulk(
    """
    INSERT INTO promises (customer_id, promise_id, amount, currency, made_on, due_on, cancelled) SELECT * FROM {rows}
    ON CONFLICT (customer_id, promise_id) DO UPDATE SET cancelled = excluded.cancelled
    """,
    customer_id="text",
    promise_id="text",
    amount="numeric",
    currency="text",
    made_on="date",
    due_on="date",
    cancelled="boolean",
)
_MARK = text(
    """
    UPDATE behaviour b SET
        has_subscriptions = EXISTS (SELECT FROM subscriptions s WHERE s.customer_id = b.customer_id),
        has_promises = EXISTS (SELECT FROM promises p WHERE p.customer_id = b.customer_id)
    WHERE customer_id = ANY(CAST(:ids AS text[]))
    """
)


async def write_agreements(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    """Write what customers in order were told to have, contest and promise; most were told nothing of the kind."""
    ordered = [(i, c) for i, c in ordered if c.subscriptions or c.disputes or c.promises]
    subscriptions = [_subscription(i, one) for i, c in ordered for _, one in sorted(c.subscriptions.items())]
    await _SUBSCRIPTIONS.write(connection, subscriptions)
    disputes = [
        (i, name, one.invoice_id, one.opened_on, one.closed_on)
        for i, change in ordered
        for name, one in sorted(change.disputes.items())
    ]
    await _DISPUTES.write(connection, disputes)
    await _PROMISES.write(connection, [_promise(i, p) for i, c in ordered for _, p in sorted(c.promises.items())])
    touched = [i for i, change in ordered if change.subscriptions or change.promises]
    if touched:
        await connection.execute(_MARK, {"ids": touched})


def _subscription(customer_id: str, told: Subscription) -> tuple[Any, ...]:
    product = (told.product, fold(told.product)) if told.product.strip() else (None, None)
    changed = "{" + ",".join(day.isoformat() for day in told.changed_on) + "}"
    return customer_id, told.subscription_id, *product, told.status, told.started_on, told.ended_on, changed


def _promise(customer_id: str, told: Promise) -> tuple[Any, ...]:
    money = told.amount
    dates = (told.made_on, told.due_on)
    return customer_id, told.promise_id, money.amount, money.currency, *dates, told.cancelled
