"""At most one accepted mail per statement and address, each known to the send ledger, and every ambiguity listed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_TAKEN = {"accepted", "delivered", "bounced", "complained"}


@dataclass(frozen=True)
class AddressSeen:
    """A row of the send ledger."""

    delivery_id: str
    rule_id: str
    period: str
    address: str
    state: str

    @property
    def name(self) -> tuple[str, str, str]:
        return self.rule_id, self.period, self.address


@dataclass(frozen=True)
class MailSeen:
    """A mail in the gateway's box."""

    delivery_id: str
    rule_id: str
    period: str
    address: str

    @property
    def name(self) -> tuple[str, str, str]:
        return self.rule_id, self.period, self.address


def mailed_twice(mails: Iterable[MailSeen]) -> list[str]:
    """Statements that an address got more than once."""
    counted = Counter(mail.name for mail in mails)
    return [f"{name} got {times} mails" for name, times in counted.items() if times > 1]


def ledger_and_box(ledger: Sequence[AddressSeen], mails: Sequence[MailSeen]) -> list[str]:
    """Where the send ledger says sent and the box has nothing, or the box has what the ledger says was not sent."""
    in_box = {(mail.delivery_id, mail.address) for mail in mails}
    known = {(row.delivery_id, row.address): row.state for row in ledger}
    missing = [f"{name} is {state} and not in the box" for name, state in known.items() if _claims(state, name, in_box)]
    denied = [
        f"{name} is in the box, and the ledger says {known.get(name)}"
        for name in in_box
        if known.get(name) not in {*_TAKEN, "unknown"}
    ]
    return missing + denied


def left_out(skipped: Iterable[tuple[str, str, str]]) -> list[str]:
    """Deliveries (period, customer, reason) that were skipped: everyone here has an address and something to read."""
    return [f"{customer_id} got no statement of {period}: {reason}" for period, customer_id, reason in skipped]


def repeats(counted: int) -> list[str]:
    """Calls with a key that the gateway had taken before."""
    return [f"{counted} calls were repeats"] if counted else []


def listed_doubt(ledger: Iterable[AddressSeen], mails: Iterable[MailSeen]) -> Mapping[str, int]:
    """Mails that the ledger lists as ``unknown``, by what the box knows of them."""
    in_box = {(mail.delivery_id, mail.address) for mail in mails}
    doubts = [row for row in ledger if row.state == "unknown"]
    there = sum((row.delivery_id, row.address) in in_box for row in doubts)
    return {"in the box": there, "not in the box": len(doubts) - there}


def _claims(state: str, name: tuple[str, str], in_box: set[tuple[str, str]]) -> bool:
    return state in _TAKEN and name not in in_box
