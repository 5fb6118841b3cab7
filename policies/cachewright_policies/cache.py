"""One view of a cache, whether it is a replication group, a cluster or serverless."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP, SERVERLESS_CACHE

if TYPE_CHECKING:
    from cachewright_policies.graph import Resource

REDIS: Final = "redis"
VALKEY: Final = "valkey"
MEMCACHED: Final = "memcached"

_DEFAULT_PORTS: Final = {REDIS: 6379, VALKEY: 6379, MEMCACHED: 11211}
# A serverless cache answers reads from replicas on the port after the first.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/wwe-troubleshooting.html
_SERVERLESS_PORTS: Final = {REDIS: (6379, 6380), VALKEY: (6379, 6380), MEMCACHED: (11211, 11212)}


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache.

    Attributes:
        resource: The resource that makes it.
    """

    resource: Resource

    @property
    def is_member(self) -> bool:
        """Whether it is a cluster inside a replication group, from which it has its settings."""
        return self.resource.type == CLUSTER and self.resource.is_set("replicationGroupId")

    @property
    def is_secondary(self) -> bool:
        """Whether it is a secondary of a global datastore, from which it inherits engine, encryption and shape."""
        return self.resource.type == REPLICATION_GROUP and self.resource.is_set("globalReplicationGroupId")

    @property
    def engine(self) -> str:
        """The engine, in lower case; what a replication group has when none is given is Redis."""
        return self.resource.text("engine", REDIS).lower()

    @property
    def is_memcached(self) -> bool:
        """Whether the engine is Memcached."""
        return self.engine == MEMCACHED

    def ports(self) -> tuple[int, ...]:
        """Return the ports that clients reach it on.

        Raises:
            UnknownValueError: The port or the engine is not known yet.
        """
        if self.resource.type == SERVERLESS_CACHE:
            return _SERVERLESS_PORTS.get(self.engine, ())
        default = _DEFAULT_PORTS.get(self.engine, 6379)
        return (int(self.resource.number("port", default) or default),)
