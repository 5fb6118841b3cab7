"""Snapshots of replication groups and clusters.

Importing the package registers their operations, and links them with what they are taken of.
"""

from cachewright_offline.cloud.elasticache.operations.snapshots import (
    automatic,
    copies,
    creation,
    deletion,
    description,
    restoring,
)

__all__ = ["automatic", "copies", "creation", "deletion", "description", "restoring"]
