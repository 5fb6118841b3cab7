"""Amazon ElastiCache as Python objects on Pulumi.

The components are imported when they are first used, so that `cachewright.catalog` costs no import of Pulumi.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cachewright.enums import (
        Access,
        Authentication,
        AuthTokenUpdateStrategy,
        AzMode,
        ClusterMode,
        Durability,
        Engine,
        IpDiscovery,
        LogDestinationType,
        LogFormat,
        LogType,
        NetworkType,
        OutpostMode,
        ScalingMetric,
        TransitEncryptionMode,
    )
    from cachewright.errors import ArgsError, Problem
    from cachewright.global_datastore import GlobalDatastore, GlobalDatastoreArgs, GlobalSettingsArgs, SecondaryArgs
    from cachewright.log_delivery import LogDeliveryArgs
    from cachewright.memcached_cluster import MemcachedCluster, MemcachedClusterArgs
    from cachewright.parameter_group import ParameterGroup, ParameterGroupArgs
    from cachewright.replication_group import ReplicationGroup, ReplicationGroupArgs
    from cachewright.security_group import SecurityGroup, SecurityGroupArgs
    from cachewright.serverless_cache import ServerlessCache, ServerlessCacheArgs
    from cachewright.sharded_replication_group import (
        AutoscalingArgs,
        NodeGroupArgs,
        ShardedReplicationGroup,
        ShardedReplicationGroupArgs,
    )
    from cachewright.subnet_group import SubnetGroup, SubnetGroupArgs
    from cachewright.user_group import UserArgs, UserGroup, UserGroupArgs

_MODULES = {
    "Access": "enums",
    "ArgsError": "errors",
    "AuthTokenUpdateStrategy": "enums",
    "Authentication": "enums",
    "AutoscalingArgs": "sharded_replication_group",
    "AzMode": "enums",
    "ClusterMode": "enums",
    "Durability": "enums",
    "Engine": "enums",
    "GlobalDatastore": "global_datastore",
    "GlobalDatastoreArgs": "global_datastore",
    "GlobalSettingsArgs": "global_datastore",
    "IpDiscovery": "enums",
    "LogDeliveryArgs": "log_delivery",
    "LogDestinationType": "enums",
    "LogFormat": "enums",
    "LogType": "enums",
    "MemcachedCluster": "memcached_cluster",
    "MemcachedClusterArgs": "memcached_cluster",
    "NetworkType": "enums",
    "NodeGroupArgs": "sharded_replication_group",
    "OutpostMode": "enums",
    "ParameterGroup": "parameter_group",
    "ParameterGroupArgs": "parameter_group",
    "Problem": "errors",
    "ReplicationGroup": "replication_group",
    "ReplicationGroupArgs": "replication_group",
    "ScalingMetric": "enums",
    "SecondaryArgs": "global_datastore",
    "SecurityGroup": "security_group",
    "SecurityGroupArgs": "security_group",
    "ServerlessCache": "serverless_cache",
    "ServerlessCacheArgs": "serverless_cache",
    "ShardedReplicationGroup": "sharded_replication_group",
    "ShardedReplicationGroupArgs": "sharded_replication_group",
    "SubnetGroup": "subnet_group",
    "SubnetGroupArgs": "subnet_group",
    "TransitEncryptionMode": "enums",
    "UserArgs": "user_group",
    "UserGroup": "user_group",
    "UserGroupArgs": "user_group",
}

__all__ = [
    "Access",
    "ArgsError",
    "AuthTokenUpdateStrategy",
    "Authentication",
    "AutoscalingArgs",
    "AzMode",
    "ClusterMode",
    "Durability",
    "Engine",
    "GlobalDatastore",
    "GlobalDatastoreArgs",
    "GlobalSettingsArgs",
    "IpDiscovery",
    "LogDeliveryArgs",
    "LogDestinationType",
    "LogFormat",
    "LogType",
    "MemcachedCluster",
    "MemcachedClusterArgs",
    "NetworkType",
    "NodeGroupArgs",
    "OutpostMode",
    "ParameterGroup",
    "ParameterGroupArgs",
    "Problem",
    "ReplicationGroup",
    "ReplicationGroupArgs",
    "ScalingMetric",
    "SecondaryArgs",
    "SecurityGroup",
    "SecurityGroupArgs",
    "ServerlessCache",
    "ServerlessCacheArgs",
    "ShardedReplicationGroup",
    "ShardedReplicationGroupArgs",
    "SubnetGroup",
    "SubnetGroupArgs",
    "TransitEncryptionMode",
    "UserArgs",
    "UserGroup",
    "UserGroupArgs",
]


def __getattr__(name: str) -> object:
    """Import a component's module when the component is first asked for."""
    module = _MODULES.get(name)
    if module is None:
        msg = f"module 'cachewright' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"cachewright.{module}"), name)


def __dir__() -> list[str]:
    """List what can be asked for."""
    return sorted(__all__)
