"""What is kept of serverless caches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache.faults import fault

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.serverless_migrations import Migration
    from cachewright_offline.cloud.elasticache.registry import Result


@dataclass(slots=True)
class Bounds:
    """The least and the most of one usage; None where there is no bound."""

    minimum: int | None = None
    maximum: int | None = None

    def shown(self, **unit: str) -> Result | None:
        """Return them as answers show them, or None when there are none."""
        if self.minimum is None and self.maximum is None:
            return None
        return {"Maximum": self.maximum, "Minimum": self.minimum, **unit}


@dataclass(slots=True)
class ServerlessCache:
    """One serverless cache.

    Attributes:
        name: Its name, in lower case.
        engine: `redis`, `valkey` or `memcached`.
        major_version: Such as `8`.
        description: What its maker wrote.
        created: When it was made.
        subnet_ids: Where its endpoint is.
        security_group_ids: Who may reach it.
        storage: Bounds of the data in GB.
        processing: Bounds of the processing units per second.
        kms_key_id: The ARN of the customer's key, if it has one.
        user_group_id: Its user group.
        snapshot_retention_limit: Days that automatic snapshots are kept; 0: none are taken.
        daily_snapshot_time: When they are taken, `hh:mm`.
        network_type: `ipv4`, `ipv6` or `dual_stack`.
        connection_type: `vpc` or `public`.
        integrations: Such as `dynamodb`.
        status: `creating`, `available`, `modifying` or `deleting`.
        migration: The migration of data to it that is going on, if any.
    """

    name: str
    engine: str
    major_version: str
    description: str
    created: datetime
    subnet_ids: list[str]
    security_group_ids: list[str]
    storage: Bounds
    processing: Bounds
    kms_key_id: str | None
    user_group_id: str | None
    snapshot_retention_limit: int
    daily_snapshot_time: str | None
    network_type: str
    connection_type: str
    integrations: list[str]
    status: str = "creating"
    migration: Migration | None = None

    @property
    def full_version(self) -> str:
        """Return the version it runs."""
        known = _latest(self.engine, self.major_version)
        return self.major_version if known is None else known


@dataclass(slots=True)
class ServerlessCaches:
    """The serverless caches of a region."""

    by_name: dict[str, ServerlessCache] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many exist."""
        return {"elasticache_serverless_caches": len(self.by_name)}

    def find(self, name: str) -> ServerlessCache:
        """Return a cache, or raise ServerlessCacheNotFoundFault."""
        cache = self.by_name.get(name.lower())
        if cache is None:
            raise fault("ServerlessCacheNotFoundFault", f"Serverless cache {name} not found.")
        return cache


def _latest(engine: str, major: str) -> str | None:
    known = engine_versions.latest_of_major(engine, major)
    return None if known is None else known.version
