"""A customer as lists show it."""

from pydantic import BaseModel

from services.segmenter.storage.members import Member
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer


class MemberAnswer(BaseModel):
    """Both balances are in the customer's billing currency."""

    customer_id: str
    name: str
    segment_id: str
    aging_bucket: str
    risk_level: str
    total_balance: MoneyAnswer
    overdue_balance: MoneyAnswer

    @classmethod
    def of(cls, member: Member) -> "MemberAnswer":
        return cls(
            customer_id=member.customer_id,
            name=member.name,
            segment_id=member.segment_id,
            aging_bucket=member.aging_bucket,
            risk_level=member.risk_level,
            total_balance=MoneyAnswer.of(Money(member.total_balance, member.currency)),
            overdue_balance=MoneyAnswer.of(Money(member.overdue_balance, member.currency)),
        )
