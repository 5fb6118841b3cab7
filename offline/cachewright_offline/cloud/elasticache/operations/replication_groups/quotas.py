"""How many nodes an account may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context


def check_region(context: Context, added: int) -> None:
    """Refuse nodes beyond those that an account may have in a region, in clusters and in replication groups."""
    # Imported late: clusters show the members of replication groups, and so import these.
    from cachewright_offline.cloud.elasticache.operations.cache_cluster_creation import check_region_quota

    check_region_quota(context, added)
