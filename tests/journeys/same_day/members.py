"""Who shares the partitions of ``customers.v1``, asked of the broker itself."""

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

_ASSIGNMENT = 4
"""Where a member's assignment stands in Kafka's description of a group."""


async def partitions_by_member(bootstrap_servers: str, group: str) -> list[int]:
    """How many partitions of ``customers.v1`` each member of a group reads, fewest first."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([group])
    finally:
        await admin.close()
    [(_, _, _, _, _, members, *_)] = answer.groups
    return sorted(_count(member[_ASSIGNMENT]) for member in members)


def _count(assignment: bytes) -> int:
    if not assignment:
        return 0
    topics = ConsumerProtocolMemberAssignment.decode(assignment).assignment
    return sum(len(partitions) for topic, partitions in topics if topic == "customers.v1")
