"""Customers in HTTP words: what a body may say, and how a customer is answered."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.customers.domain.customer import AskedCustomer, Customer, Document, Particulars
from services.customers.domain.variable_values import LARGEST_NUMBER, Value
from services.customers.inbound.http.text_fields import DocumentWord, Email, Name, OptionalEmail, OptionalText
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate, ShortText, ZoneName


def _score(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("wrong_type", "a JSON number is wanted")
    if not abs(value) <= LARGEST_NUMBER:
        raise PydanticCustomError("out_of_range", "a number lies between -10^15 and 10^15")
    return value


Score = Annotated[int | float, PlainValidator(_score), WithJsonSchema({"type": "number"})]


class DocumentBody(Body):
    """An identity document; no two customers have the same type and number of one country.

    Case and separators do not count (`900.123.456-7` is `9001234567`), so type and number have a letter or digit each;
    without country it is of the deployment's.
    """

    type: DocumentWord
    number: DocumentWord
    country: OptionalText = None


class CustomerSaid(Body):
    """What may be said of a customer, whole or in part."""

    currency: Annotated[str, StringConstraints(max_length=10)] | None = None
    registered_on: IsoDate | None = None
    email: OptionalEmail = None
    emails: Annotated[list[Email], Field(max_length=50)] | None = None
    phone: OptionalText = None
    language: OptionalText = None
    time_zone: ZoneName | None = None
    country: OptionalText = None
    portfolio: OptionalText = None
    client_type: OptionalText = None
    risk_score: Score | None = None
    do_not_contact_until: IsoDate | None = None
    variables: dict[ShortText, Any] | None = None


class CustomerBody(CustomerSaid):
    """A customer as a write gives it; what is left out is cleared, ``registered_on`` excepted."""

    type: Literal["person", "company"]
    name: Name
    document: DocumentBody | None = None

    def asked(self, customer_id: str) -> AskedCustomer:
        """As decisions take it."""
        return AskedCustomer(
            customer_id=customer_id,
            particulars=self._particulars(),
            currency=self.currency,
            registered_on=self.registered_on,
            variables=self.variables or {},
        )

    def _particulars(self) -> Particulars:
        return Particulars(
            type=self.type,
            name=self.name,
            email=self.email,
            emails=tuple(self.emails or ()),
            phone=self.phone,
            document=Document(self.document.type, self.document.number, self.document.country)
            if self.document
            else None,
            language=self.language,
            time_zone=self.time_zone,
            country=self.country,
            portfolio=self.portfolio,
            client_type=self.client_type,
            risk_score=self.risk_score,
            do_not_contact_until=self.do_not_contact_until,
        )


class DocumentAnswer(BaseModel):
    """An identity document."""

    type: str
    number: str
    country: str | None


class CustomerAnswer(BaseModel):
    """A customer as it is."""

    customer_id: Id
    type: Literal["person", "company"]
    name: str
    currency: str
    registered_on: date
    email: str | None
    emails: list[str]
    phone: str | None
    document: DocumentAnswer | None
    language: str | None
    time_zone: str | None
    country: str | None
    portfolio: str | None
    client_type: str | None
    risk_score: int | float | None
    do_not_contact_until: date | None
    variables: dict[str, bool | int | float | str | MoneyAnswer]
    archived: bool

    @classmethod
    def of(cls, customer: Customer) -> "CustomerAnswer":
        """A customer as it is answered."""
        said = customer.particulars
        return cls(
            customer_id=customer.customer_id,
            type=said.type,
            name=said.name,
            currency=customer.currency,
            registered_on=customer.registered_on,
            email=said.email,
            emails=list(said.emails),
            phone=said.phone,
            document=_document(said.document),
            language=said.language,
            time_zone=said.time_zone,
            country=said.country,
            portfolio=said.portfolio,
            client_type=said.client_type,
            risk_score=said.risk_score,
            do_not_contact_until=said.do_not_contact_until,
            variables={key: _loaded(value) for key, value in sorted(customer.variables.items())},
            archived=customer.archived,
        )


def _document(value: Document | None) -> DocumentAnswer | None:
    return DocumentAnswer(type=value.type, number=value.number, country=value.country) if value else None


def _loaded(value: Value) -> bool | int | float | str | MoneyAnswer:
    return MoneyAnswer.of(value) if isinstance(value, Money) else value
