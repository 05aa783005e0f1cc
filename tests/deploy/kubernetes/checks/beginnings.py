"""What a pod begins with: the schema of its version, and secrets that are files."""

from collections.abc import Iterator

from pydantic import SecretStr

from tests.deploy.kubernetes.checks.pods import settings_of
from tests.deploy.kubernetes.checks.references import is_local
from tests.deploy.kubernetes.manifests import Complaints, Manifests


def waits_for_its_schema(manifests: Manifests) -> Complaints:
    """Processes of a new version begin after its migration, and a migration is of the version of its image."""
    for pods in manifests.pods:
        before = [container["args"][1] for container in pods.spec.get("initContainers", [])]
        if before != (["migrate"] if pods.owner["kind"] == "Job" else ["await-schema"]):
            yield f"{pods.name}: does not begin with its schema"
        tag = pods.main["image"].rpartition(":")[2]
        if pods.owner["kind"] == "Job" and not pods.owner["metadata"]["name"].endswith(f"-{tag}"):
            yield f"{pods.name}: cannot be applied beside the Job of another version than {tag}"


def keeps_secrets_in_files(manifests: Manifests) -> Complaints:
    """What nobody may read is not in the settings, and what is for a machine of one's own is not out in the world."""
    for pods in manifests.pods:
        for container in pods.containers:
            environment = manifests.environment(container)
            for name in sorted(environment.keys() & {path.upper() for path in _secret_names(pods.service)}):
                yield f"{pods.name}: {name} is a secret, and stands in the environment"
            if (environment.get("ENVIRONMENT") == "local") != is_local(manifests):
                yield f"{pods.name}: ENVIRONMENT={environment.get('ENVIRONMENT')} is not for this place"


def _secret_names(service: str) -> Iterator[str]:
    yield from ("mail_gateway_url", f"{service}_database_url")
    fields = settings_of(service).model_fields.items()
    yield from (name for name, field in fields if field.annotation is SecretStr)
