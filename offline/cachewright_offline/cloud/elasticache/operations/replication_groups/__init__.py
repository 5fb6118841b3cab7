"""Replication groups: create, describe, modify, delete, fail over.

Importing the package registers these operations. The names below are what other operations use.
"""

from cachewright_offline.cloud.elasticache.operations.replication_groups import allowed_node_types, changes
from cachewright_offline.cloud.elasticache.operations.replication_groups.availability import check_availability
from cachewright_offline.cloud.elasticache.operations.replication_groups.creation import create
from cachewright_offline.cloud.elasticache.operations.replication_groups.deletion import delete
from cachewright_offline.cloud.elasticache.operations.replication_groups.description import (
    describe,
    shown,
    snapshotting_cluster,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.endpoints import node_host
from cachewright_offline.cloud.elasticache.operations.replication_groups.failover import test_failover
from cachewright_offline.cloud.elasticache.operations.replication_groups.layout import check_replicas
from cachewright_offline.cloud.elasticache.operations.replication_groups.pending import of_member
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    REDIS_PORT,
    Node,
    ReplicationGroup,
    ReplicationGroups,
    Shard,
    arn,
    available,
    begin,
    find,
    find_member,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.replicas import add_replica

__all__ = [
    "REDIS_PORT",
    "Node",
    "ReplicationGroup",
    "ReplicationGroups",
    "Shard",
    "add_replica",
    "allowed_node_types",
    "arn",
    "available",
    "begin",
    "changes",
    "check_availability",
    "check_replicas",
    "create",
    "delete",
    "describe",
    "find",
    "find_member",
    "node_host",
    "of_member",
    "shown",
    "snapshotting_cluster",
    "test_failover",
]
