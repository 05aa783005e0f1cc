"""What a verification finds wrong of a customer, in words for whoever runs it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be."""

    customer_id: str
    text: str

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.text}"
