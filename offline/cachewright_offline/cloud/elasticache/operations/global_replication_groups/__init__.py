"""Global datastores: a primary replication group and its secondaries in other regions.

Importing the package registers their operations. The name below is what replication groups use.
"""

from cachewright_offline.cloud.elasticache.operations.global_replication_groups import (
    changes,
    creation,
    deletion,
    description,
    disassociation,
    failover,
    node_groups,
)
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.secondaries import make_secondary

__all__ = [
    "changes",
    "creation",
    "deletion",
    "description",
    "disassociation",
    "failover",
    "make_secondary",
    "node_groups",
]
