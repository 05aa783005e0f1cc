"""What a hearer knows who adds up the events of one customer: it must be what the snapshot says."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tests.services.customers.house import Told


def folded(events: Iterable[Told]) -> dict[str, Any]:
    """The facts, what stands applied, and the balances, in the words and the order of a snapshot."""
    customer: dict[str, Any] = {}
    facts: dict[str, dict[tuple[str, ...], Any]] = {
        "invoice": {},
        "payment": {},
        "refund": {},
        "credit_note": {},
        "subscription": {},
        "dispute": {},
        "promise": {},
    }
    standing: dict[tuple[str, str, str], dict[str, Any]] = {}
    balances: dict[str, Any] = {}
    for event in events:
        fact = dict(event.data)
        effect = fact.pop("effect", {"applications": [], "reversals": [], "balances": []})
        _add_up(standing, effect)
        balances |= {one["invoice_id"]: one for one in effect["balances"]}
        if event.type.startswith("customer."):
            customer = fact
        elif event.type.startswith("invoice."):
            known = facts["invoice"].get((fact["invoice_id"],))
            facts["invoice"][fact["invoice_id"],] = _told(fact, known, event)
        elif (noun := event.type.split(".")[0]) in ("subscription", "dispute", "promise"):
            facts[noun][fact[f"{noun}_id"],] = fact
        else:
            noun = "refund" if event.type == "payment.refunded" else event.type.split(".")[0]
            names = ("payment_id", "refund_id") if noun == "refund" else (f"{noun}_id",)
            facts[noun][tuple(fact[name] for name in names)] = {**fact, "seq": event.sequence}
    return {
        "customer": customer,
        **{f"{noun}s": [known[name] for name in sorted(known)] for noun, known in facts.items()},
        "applications": [_said(one) for one in standing.values() if one["amount"]],
        "balances": [balances[name] for name in sorted(balances)],
    }


def _told(fact: dict[str, Any], known: dict[str, Any] | None, event: Told) -> dict[str, Any]:
    due_dates = list(known["due_dates"]) if known else []
    if not due_dates or due_dates[-1]["due_on"] != fact["due_on"]:
        due_dates.append({"seq": event.sequence, "due_on": fact["due_on"]})
    voided_seq = event.sequence if event.type == "invoice.voided" else known and known["voided_seq"]
    return {**fact, "seq": known["seq"] if known else event.sequence, "due_dates": due_dates, "voided_seq": voided_seq}


def _add_up(standing: dict[tuple[str, str, str], dict[str, Any]], effect: dict[str, Any]) -> None:
    for sign, parts in ((-1, effect["reversals"]), (1, effect["applications"])):
        for part in parts:
            pair = (part["credit_kind"], part["credit_id"], part["invoice_id"])
            one = standing.setdefault(pair, {**part, "amount": Decimal(0), "currency": part["amount"]["currency"]})
            assert one["applied_on"] == part["applied_on"]
            one["amount"] += sign * Decimal(part["amount"]["amount"])


def _said(one: dict[str, Any]) -> dict[str, Any]:
    part = dict(one)
    amount, currency = part["amount"], part.pop("currency")
    places = max(2, -amount.normalize().as_tuple().exponent)
    return {**part, "amount": {"amount": f"{amount:.{places}f}", "currency": currency}}
