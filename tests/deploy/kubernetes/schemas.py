"""Every object against a schema that is closed: of Kubernetes itself, or of the operators' resources.

The latter are in ``schemas/``: the parts we use of Strimzi 0.49 (kafka.strimzi.io/v1), CloudNativePG 1.27, the
Prometheus operator 0.82 and KEDA 2.17, cut out of their CustomResourceDefinitions by hand.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import latest_version, schema_contents  # type: ignore[import-untyped]
from referencing import Registry, Resource

from tests.deploy.kubernetes.manifests import Complaints, Manifests, Object

_OWN = Path(__file__).parent / "schemas"
_FOLDER = f"kubernetes-json-schema/v{latest_version()}-local-strict"


def fits_its_schema(manifests: Manifests) -> Complaints:
    """Nothing unknown, nothing missing, nothing of another type; a kind without a schema is a mistake as well."""
    for one in manifests.objects:
        yield from _mistakes(json.dumps(one, sort_keys=True, default=str))


@cache
def _mistakes(text: str) -> list[str]:
    one = json.loads(text)
    validator = _validator(one["apiVersion"], one["kind"])
    name = f"{one['kind']} {one['metadata']['name']}"
    if validator is None:
        return [f"{name}: no schema for {one['apiVersion']} {one['kind']}"]
    return [f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(one)]


@cache
def _validator(api_version: str, kind: str) -> Draft202012Validator | None:
    own = _OWN / f"{kind}.yaml"
    if own.exists():
        return Draft202012Validator(_whole(api_version, kind, yaml.safe_load(own.read_text())))
    group, _, version = api_version.rpartition("/")
    prefix = f"{group.split('.')[0]}-" if group else ""
    try:
        schema = schema_contents(f"{_FOLDER}/{kind.lower()}-{prefix}{version}.json", latest_version())
    except FileNotFoundError:
        return None
    return Draft202012Validator(schema, registry=Resource.from_contents(schema) @ _definitions())


@cache
def _definitions() -> Registry[Any]:
    shared: Resource[Any] = Resource.from_contents(schema_contents(f"{_FOLDER}/_definitions.json", latest_version()))
    return shared @ Registry()


def _whole(api_version: str, kind: str, written: Object) -> Any:
    """The schema of an object whose file says ``apiVersion`` and ``spec``: closed at every level."""
    if written["apiVersion"] != api_version:
        return {"not": {}}
    metadata = {"type": "object", "required": ["name", "namespace"]}
    parts = {"apiVersion": {"const": api_version}, "kind": {"const": kind}, "metadata": metadata}
    return _closed({"properties": {**parts, "spec": written["spec"]}, "required": [*parts, "spec"]})


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    return {"type": "object", "additionalProperties": False, **closed} if "properties" in schema else closed
