"""A part of a customer in HTTP words: a JSON merge patch."""

from typing import Any, Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.customers.domain.customer_patch import AskedPatch
from services.customers.inbound.http.customer_body import CustomerSaid
from services.customers.inbound.http.text_fields import DocumentWord, Name, OptionalText
from shared.http.fields import Body

_TYPE = "application/merge-patch+json"
MERGE_PATCH: dict[str, Any] = {
    "requestBody": {"content": {_TYPE: {"schema": {"$ref": "#/components/schemas/CustomerPatch"}}}}
}
"""For the route: beside JSON it takes a merge patch by its own name."""


class DocumentPatch(Body):
    """What to change of a document."""

    type: DocumentWord | None = None
    number: DocumentWord | None = None
    country: OptionalText = None


class CustomerPatch(CustomerSaid):
    """What to change of a customer; null clears, `variables` and `document` key by key."""

    type: Literal["person", "company"] | None = None
    name: Name | None = None
    document: DocumentPatch | None = None

    @field_validator("type", "name")
    @classmethod
    def _is_there(cls, value: str | None, info: ValidationInfo) -> str:
        if value is None:
            raise PydanticCustomError("required", "every customer has one; it cannot be cleared")
        return value

    def asked(self, customer_id: str) -> AskedPatch:
        """As decisions take it: exactly what was given."""
        said = {field: getattr(self, field) for field in self.model_fields_set & CustomerPatch.model_fields.keys()}
        if "emails" in said:
            said["emails"] = tuple(self.emails or ())
        if self.document is not None:
            said["document"] = self.document.model_dump(exclude_unset=True)
        return AskedPatch(customer_id=customer_id, said=said)
