"""Kafka and the databases as the components ask for them: what the code needs, no more and no less."""

import importlib
import inspect
from collections.abc import Iterator, Set

from deploy.local.kafka import LARGEST_RECORD, PARTITIONS, RETENTION_MS, TOPICS
from services.segmenter.wiring import worker as segmenter
from services.statements.wiring import worker as statements
from services.statements.wiring import writer
from shared.database.engine import Database
from tests.deploy.kubernetes.checks.references import is_local
from tests.deploy.kubernetes.manifests import Complaints, Manifests, Pods

Rule = tuple[str, str, frozenset[str]]

_HEARERS = {"segmenter": segmenter.GROUP, "statements": statements.GROUP}
_USUAL_POOL: int = inspect.signature(Database.__init__).parameters["connections"].default
_POOLS = {
    ("customers", "api"): 2 * _USUAL_POOL,  # it writes over a pool of its own (decision 61)
    ("segmenter", "worker"): _USUAL_POOL + 1,  # the relay's
    ("statements", "worker"): 2 * (statements.CONNECTIONS + writer.WRITERS + 2),  # with the writer beside it, both so
}
_KEPT_FOR_PEOPLE = 20


def is_seen_by_its_operator(manifests: Manifests) -> Complaints:
    """Strimzi looks at what names its cluster; anything else is applied, and nothing comes of it."""
    for one in [*manifests.of("KafkaTopic"), *manifests.of("KafkaUser")]:
        if one["metadata"].get("labels", {}).get("strimzi.io/cluster") != "kafka":
            yield f"{one['kind']} {one['metadata']['name']}: no operator looks at it, for it names no cluster"


def has_the_topics_of_the_code(manifests: Manifests) -> Complaints:
    """Names and settings are those of the code's list; an acknowledged event is never on one broker."""
    topics = {one["metadata"]["name"]: one["spec"] for one in manifests.of("KafkaTopic")}
    if topics and topics.keys() != set(TOPICS):
        yield f"topics are {sorted(topics)}, the code's {sorted(TOPICS)}"
    for name, spec in topics.items():
        if spec["partitions"] != PARTITIONS:
            yield f"KafkaTopic {name}: {spec['partitions']} partitions, the code's list says {PARTITIONS}"
        if spec["config"]["retention.ms"] != RETENTION_MS:
            yield f"KafkaTopic {name}: another retention than the code's list"
        if spec["config"].get("max.message.bytes") != LARGEST_RECORD:
            yield f"KafkaTopic {name}: takes other sizes of records than producers send"
        if spec["replicas"] > 1 and not 2 <= spec["config"].get("min.insync.replicas", 1) < spec["replicas"]:
            yield f"KafkaTopic {name}: loses what one broker has, or stops with one broker"


def lets_users_do_what_they_need(manifests: Manifests) -> Complaints:
    """Each service writes its own topic (statements reads it too), and reads what it hears in its own group."""
    for user in manifests.of("KafkaUser"):
        service = user["metadata"]["name"].removeprefix("kafka-")
        given = {
            (rule["resource"]["type"], rule["resource"]["name"], frozenset(rule["operations"]))
            for rule in user["spec"]["authorization"]["acls"]
        }
        needed = set(_needed(service))
        yield from (f"{service} may not {_read_aloud(rule)}" for rule in sorted(needed - given, key=str))
        yield from (f"{service} may {_read_aloud(rule)}" for rule in sorted(given - needed, key=str))


def _needed(service: str) -> Iterator[Rule]:
    own = "segments.v1" if service == "segmenter" else f"{service}.v1"
    yield "topic", own, frozenset({"Write", "Describe"} | ({"Read"} if service == "statements" else set()))
    if service in _HEARERS:
        heard = importlib.import_module(f"services.{service}.inbound.events").TYPES
        yield from (("topic", topic, frozenset({"Read", "Describe"})) for topic in heard)
        yield "group", _HEARERS[service], frozenset({"Read"})


def _read_aloud(rule: Rule) -> str:
    kind, name, operations = rule
    return f"{' and '.join(sorted(operations))} the {kind} {name}"


def has_databases_for_all(manifests: Manifests) -> Complaints:
    """A database for each service, with room for the connections of as many processes as there may be."""
    clusters = {one["metadata"]["name"]: one["spec"] for one in manifests.of("Cluster")}
    services = {pods.service for pods in manifests.pods}
    if clusters and clusters.keys() != {f"{service}-database" for service in services}:
        yield f"databases are {sorted(clusters)}"
    for name, spec in clusters.items():
        if spec["instances"] < (1 if is_local(manifests) else 2):
            yield f"Cluster {name}: is gone with one machine"
        service = name.removesuffix("-database")
        if spec["bootstrap"]["initdb"] != {"database": service, "owner": service}:
            yield f"Cluster {name}: makes another database than that of {service}"
        most = sum(_most_connections(manifests, pods) for pods in manifests.deployments if pods.service == service)
        if most + _KEPT_FOR_PEOPLE > int(spec["postgresql"]["parameters"]["max_connections"]):
            yield f"Cluster {name}: {most} connections may be wanted"
    yield from _backups(manifests, clusters.keys())


def _most_connections(manifests: Manifests, pods: Pods) -> int:
    """As many processes as an autoscaler may start, and one more in a rollout."""
    name = pods.owner["metadata"]["name"]
    scalers = [*manifests.of("HorizontalPodAutoscaler"), *manifests.of("ScaledObject")]
    most = [
        one["spec"].get("maxReplicas") or one["spec"].get("maxReplicaCount")
        for one in scalers
        if one["spec"]["scaleTargetRef"]["name"] == name
    ]
    processes: int = most[0] if most else pods.owner["spec"].get("replicas", 1)
    return (processes + 1) * _POOLS.get((pods.service, pods.role), _USUAL_POOL)


def _backups(manifests: Manifests, clusters: Set[str]) -> Iterator[str]:
    saved = {one["spec"]["cluster"]["name"] for one in manifests.of("ScheduledBackup")}
    yield from (f"no Cluster {name} to back up" for name in sorted(saved - clusters))
    if saved:
        yield from (f"Cluster {name}: is not backed up" for name in sorted(clusters - saved))
