"""Writes the published contracts into ``docs/contracts``: OpenAPI per service and AsyncAPI, from the code itself.

``make contracts`` runs it after a wanted change; ``tests/contracts`` compares what is committed with what it gives.
"""

import importlib
import json
from pathlib import Path
from typing import Any

from shared.contracts.asyncapi import asyncapi
from shared.http.version import VERSION

FOLDER = Path(__file__).parents[1] / "docs" / "contracts"
SERVICES = ("customers", "segmenter", "statements")


def documents() -> dict[str, dict[str, Any]]:
    """File name → document."""
    found = {f"{service}.openapi.json": _openapi(service) for service in SERVICES}
    return {**found, "events.asyncapi.json": asyncapi(VERSION)}


def _openapi(service: str) -> dict[str, Any]:
    app = importlib.import_module(f"services.{service}.inbound.http.app")
    document: dict[str, Any] = app.create().openapi()
    return document


def text_of(document: dict[str, Any]) -> str:
    """A document as it is committed: stable order, one line a value."""
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write all documents."""
    for name, document in documents().items():
        (FOLDER / name).write_text(text_of(document))
        print(f"wrote docs/contracts/{name}")


if __name__ == "__main__":
    main()
