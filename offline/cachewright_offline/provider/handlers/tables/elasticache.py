"""ElastiCache."""

from __future__ import annotations

from typing import Final

HANDLERS: Final = {
    "aws:elasticache/cluster:Cluster": "elasticache_cluster:ClusterHandler",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (
        "elasticache_global_replication_group:GlobalReplicationGroupHandler"
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": "elasticache_parameter_group:ParameterGroupHandler",
    "aws:elasticache/replicationGroup:ReplicationGroup": "elasticache_replication_group:ReplicationGroupHandler",
    "aws:elasticache/serverlessCache:ServerlessCache": "elasticache_serverless_cache:ServerlessCacheHandler",
    "aws:elasticache/subnetGroup:SubnetGroup": "elasticache_subnet_group:SubnetGroupHandler",
    "aws:elasticache/user:User": "elasticache_user:UserHandler",
    "aws:elasticache/userGroup:UserGroup": "elasticache_user_group:UserGroupHandler",
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": (
        "elasticache_user_group_association:UserGroupAssociationHandler"
    ),
}
