"""The committed OpenAPI and AsyncAPI documents are what the code says today."""

import pytest
from openapi_spec_validator import validate

from deploy.contracts import FOLDER, documents, text_of

DOCUMENTS = documents()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_committed_document_is_the_code_s(name: str) -> None:
    committed = (FOLDER / name).read_text()
    assert committed == text_of(DOCUMENTS[name]), "the wire changed: run `make contracts` and read the difference"


@pytest.mark.parametrize("name", [name for name in sorted(DOCUMENTS) if "openapi" in name])
def test_the_openapi_documents_are_valid(name: str) -> None:
    validate(DOCUMENTS[name])
