"""Who may speak to whom, worked out from the policies as a network would: exactly the edges listed here, no others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from tests.deploy.kubernetes.checks.pods import SPEAKS_KAFKA
from tests.deploy.kubernetes.manifests import Complaints, Manifests, Object, selects

_NAMESPACE = "kubernetes.io/metadata.name"
_HERE = {_NAMESPACE: "cascada"}


@dataclass(frozen=True)
class Node:
    """Something with an address: pods here or in another namespace, or an address out in the world."""

    name: str
    namespace: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    address: str | None = None

    @property
    def is_ours(self) -> bool:
        return self.namespace == _HERE


STRANGERS = [
    Node("caller", {_NAMESPACE: "ingress", "may-call-cascada": "true"}),
    Node("somebody", {_NAMESPACE: "somewhere"}, ports={"http": 8080}),
    Node("prometheus", {_NAMESPACE: "monitoring"}, {"app.kubernetes.io/name": "prometheus"}),
    Node("dns", {_NAMESPACE: "kube-system"}, {"k8s-app": "kube-dns"}, {"dns": 53}),
    Node("kafka", {_NAMESPACE: "kafka"}, {"strimzi.io/cluster": "kafka", "strimzi.io/kind": "Kafka"}, {"tls": 9093}),
    Node("collector", {_NAMESPACE: "observability"}, ports={"otlp": 4318}),
    Node("operator", {_NAMESPACE: "cnpg-system"}),
    Node("catcher", _HERE, {"app": "mail-catcher"}, {"smtp": 1025}),
    Node("provider", address="203.0.113.5", ports={"smtp": 587}),
    Node("website", address="203.0.113.9", ports={"https": 443, "http": 80}),
    Node("machine", address="10.1.2.3", ports={"https": 443}),
    Node("metadata", address="169.254.169.254", ports={"http": 80, "https": 443}),
]

Edge = tuple[str, str, str]
"""From, to, and the port's name there."""


def speaks_along_its_edges_only(manifests: Manifests) -> Complaints:
    """What must be able to speak can, and nothing else can."""
    nodes = [*_ours(manifests), *STRANGERS]
    policies = manifests.of("NetworkPolicy")
    able = {
        (source.name, target.name, port)
        for source in nodes
        for target in nodes
        for port in target.ports
        if (source.is_ours or target.is_ours) and source != target and _may(policies, source, target, port)
    }
    wanted = set(_wanted(manifests))
    yield from (f"{' cannot speak to '.join(edge[:2])} at {edge[2]}" for edge in sorted(wanted - able))
    yield from (f"{' can speak to '.join(edge[:2])} at {edge[2]}" for edge in sorted(able - wanted))


def _ours(manifests: Manifests) -> Iterator[Node]:
    for pods in manifests.pods:
        yield Node(f"{pods.service} {pods.role}", _HERE, pods.labels, pods.ports)
    for cluster in manifests.of("Cluster"):
        name = cluster["metadata"]["name"]
        yield Node(name, _HERE, {"cnpg.io/cluster": name}, {"postgres": 5432, "status": 8000})


def _wanted(manifests: Manifests) -> Iterator[Edge]:
    local = "catcher" in _mail_gateway(manifests)
    yield from (("caller", f"{service} api", "http") for service in ("customers", "segmenter", "statements"))
    yield from (
        ("segmenter worker", "customers api", "http"),
        ("segmenter worker", "statements api", "http"),
        ("statements worker", "customers api", "http"),
        ("statements worker", "segmenter api", "http"),
        ("statements api", "segmenter api", "http"),
        ("segmenter worker", "website", "https"),
        ("segmenter api", "website", "https"),
    )
    for role in ("api", "worker"):
        mail = [("catcher", "smtp")] if local else [("provider", "smtp"), ("website", "https")]
        yield from ((f"statements {role}", name, port) for name, port in mail)
    yield from ((node.name, "dns", "dns") for node in [*_ours(manifests), *STRANGERS] if node.is_ours)
    yield from _of_databases(manifests)
    yield from _of_the_rest(manifests)


def _mail_gateway(manifests: Manifests) -> str:
    """Where the overlay's own mail gateway is; nowhere where it is out in the world."""
    policy = manifests.one("NetworkPolicy", "statements-to-mail-gateway")
    return "catcher" if "podSelector" in policy["spec"]["egress"][0]["to"][0] else ""


def _of_databases(manifests: Manifests) -> Iterator[Edge]:
    for cluster in sorted(manifests.names("Cluster")):
        service = cluster.removesuffix("-database")
        for pods in manifests.pods:
            if pods.service == service:
                yield f"{service} {pods.role}", cluster, "postgres"
        yield from (("operator", cluster, port) for port in ("postgres", "status"))
        yield from ((cluster, name, "https") for name in ("website", "machine", "metadata"))


def _of_the_rest(manifests: Manifests) -> Iterator[Edge]:
    environment = manifests.environment(manifests.deployments[0].main)
    for pods in manifests.deployments:
        name = f"{pods.service} {pods.role}"
        if manifests.of("KafkaTopic") and (pods.service, pods.role) in SPEAKS_KAFKA:
            yield name, "kafka", "tls"
        if manifests.of("PodMonitor"):
            yield "prometheus", name, "http"
        if "OTEL_EXPORTER_OTLP_ENDPOINT" in environment:
            yield name, "collector", "otlp"
        if "JWT_JWKS_URL" in environment and pods.role == "api":
            yield name, "website", "https"


def _may(policies: list[Object], source: Node, target: Node, port: str) -> bool:
    leaves = not source.is_ours or _is_let(policies, source, target, port, target, ("Egress", "egress", "to"))
    enters = not target.is_ours or _is_let(policies, target, source, port, target, ("Ingress", "ingress", "from"))
    return leaves and enters


def _is_let(policies: list[Object], own: Node, other: Node, port: str, target: Node, way: tuple[str, str, str]) -> bool:
    """Pods that no policy of this direction selects may do as they like; the others what some rule says."""
    kind, rules, peers = way
    own_policies = [
        one["spec"]
        for one in policies
        if kind in one["spec"]["policyTypes"] and selects(one["spec"]["podSelector"], own.labels)
    ]
    return not own_policies or any(
        _is_peer(rule.get(peers), other) and _is_port(rule.get("ports"), port, target)
        for policy in own_policies
        for rule in policy.get(rules, [])
    )


def _is_peer(peers: list[Object] | None, node: Node) -> bool:
    return not peers or any(_is_this_peer(peer, node) for peer in peers)


def _is_this_peer(peer: Object, node: Node) -> bool:
    if block := peer.get("ipBlock"):
        return node.address is not None and _is_in(block, node.address)
    if node.address is not None:
        return False
    if "namespaceSelector" not in peer and not node.is_ours:
        return False
    return selects(peer.get("namespaceSelector", {}), node.namespace) and selects(
        peer.get("podSelector", {}), node.labels
    )


def _is_in(block: Object, address: str) -> bool:
    at = ip_address(address)
    return at in ip_network(block["cidr"]) and not any(at in ip_network(one) for one in block.get("except", []))


def _is_port(ports: list[Any] | None, name: str, target: Node) -> bool:
    return not ports or any(one.get("port") in {name, target.ports[name]} for one in ports)


def selects_somebody(manifests: Manifests) -> Complaints:
    """A policy that means nobody is a slip of the pen."""
    ours = [node.labels for node in [*_ours(manifests), *STRANGERS] if node.is_ours]
    for policy in manifests.of("NetworkPolicy"):
        if not any(selects(policy["spec"]["podSelector"], labels) for labels in ours):
            yield f"NetworkPolicy {policy['metadata']['name']}: selects nobody"


def finds_its_neighbours(manifests: Manifests) -> Complaints:
    """Kafka and the collector are spoken to where policies let us, and where they listen."""
    ports = {node.name: set(node.ports.values()) for node in STRANGERS}
    for pods in manifests.deployments:
        environment = manifests.environment(pods.main)
        kafka = environment.get("KAFKA_BOOTSTRAP_SERVERS", "").rpartition(":")
        if manifests.of("KafkaTopic") and (kafka[0], kafka[2]) != ("kafka-kafka-bootstrap.kafka.svc", "9093"):
            yield f"{pods.name}: Kafka is not at {''.join(kafka)}"
        if collector := environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            at = urlsplit(collector)
            if at.port not in ports["collector"] or ".observability.svc" not in (at.hostname or ""):
                yield f"{pods.name}: no collector takes OTLP over HTTP at {collector}"
