"""Subscriptions, disputes and promises being noted: facts beside the ledger, whose effect on it is none."""

from services.customers.domain.account import Account
from services.customers.domain.change import AskedNoun, Change, Noun
from services.customers.domain.dispute import Dispute, disputed
from services.customers.domain.promise import AskedPromise, promised
from services.customers.domain.subscription import AskedSubscription, subscribed
from services.customers.domain.terms import Terms


def note(account: Account, asked: AskedNoun, terms: Terms) -> Change | None:
    """Note what is asked of a registered customer; None when it is there already, just so."""
    owner = account.owner
    match asked:
        case AskedSubscription():
            return _subscribe(account, asked, owner.currency, terms)
        case Dispute():
            return _contest(account, asked, terms)
        case AskedPromise():
            return _promise(account, asked, owner.currency, terms)


def noted(account: Account, asked: AskedNoun) -> Noun | None:
    """The fact of the same name that is there already."""
    match asked:
        case AskedSubscription():
            return account.subscriptions.get(asked.subscription_id)
        case Dispute():
            return account.disputes.get(asked.dispute_id)
        case AskedPromise():
            return account.promises.get(asked.promise_id)


def _subscribe(account: Account, asked: AskedSubscription, currency: str, terms: Terms) -> Change | None:
    stored = account.subscriptions.get(asked.subscription_id)
    wanted = subscribed(asked, stored, currency, terms)
    if wanted is None:
        return None
    account.subscriptions[wanted.subscription_id] = wanted
    return Change("subscription.changed", wanted, account.next_seq(), stored is None)


def _contest(account: Account, asked: Dispute, terms: Terms) -> Change | None:
    stored = account.disputes.get(asked.dispute_id)
    wanted = disputed(asked, stored, account.book.debts, terms)
    if wanted is None:
        return None
    account.disputes[wanted.dispute_id] = wanted
    return Change(_dispute_event(stored, wanted), wanted, account.next_seq(), stored is None)


def _dispute_event(stored: Dispute | None, now: Dispute) -> str:
    if stored is None:
        return "dispute.opened"
    closes = stored.closed_on is None and now.closed_on is not None
    return "dispute.closed" if closes else "dispute.changed"


def _promise(account: Account, asked: AskedPromise, currency: str, terms: Terms) -> Change | None:
    stored = account.promises.get(asked.promise_id)
    wanted = promised(asked, stored, currency, terms)
    if wanted is None:
        return None
    account.promises[wanted.promise_id] = wanted
    if stored is None:
        return Change("promise.made", wanted, account.next_seq(), True)
    event = "promise.cancelled" if wanted.cancelled else "promise.reinstated"
    return Change(event, wanted, account.next_seq(), False)
