"""Every component that other languages get, with what it accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from cachewright.arguments import Schema
from cachewright.global_datastore import PLAIN_OF_SECONDARIES, GlobalDatastore
from cachewright.memcached_cluster import MemcachedCluster
from cachewright.parameter_group import ParameterGroup
from cachewright.replication_group import ReplicationGroup
from cachewright.rules import (
    global_datastore,
    memcached_cluster,
    parameter_group,
    replication_group,
    security_group,
    serverless_cache,
    subnet_group,
    user_group,
)
from cachewright.security_group import SecurityGroup
from cachewright.serverless_cache import ServerlessCache
from cachewright.sharded_replication_group import ShardedReplicationGroup
from cachewright.subnet_group import SubnetGroup
from cachewright.user_group import PLAIN_OF_USERS, UserGroup


@dataclass(frozen=True, slots=True)
class Hosted:
    """A component and what it accepts.

    Attributes:
        component: Its class.
        accepts: Which of its arguments are plain, and which are secret.
    """

    component: type[pulumi.ComponentResource]
    accepts: Schema


HOSTED: Final[Mapping[str, Hosted]] = {
    one.component.__name__: one
    for one in (
        Hosted(ReplicationGroup, replication_group.REPLICATION_GROUP),
        Hosted(ShardedReplicationGroup, replication_group.SHARDED_REPLICATION_GROUP),
        Hosted(MemcachedCluster, memcached_cluster.SCHEMA),
        Hosted(ServerlessCache, serverless_cache.SCHEMA),
        Hosted(GlobalDatastore, global_datastore.SCHEMA),
        Hosted(UserGroup, user_group.SCHEMA),
        Hosted(SubnetGroup, subnet_group.SCHEMA),
        Hosted(ParameterGroup, parameter_group.SCHEMA),
        Hosted(SecurityGroup, security_group.SCHEMA),
    )
}
# The same of the types that arguments hold; what the others hold is plain by its type, or not at all.
PLAIN_NESTED: Final[Mapping[str, frozenset[str]]] = {
    "SecondaryArgs": PLAIN_OF_SECONDARIES,
    "UserArgs": PLAIN_OF_USERS,
}
