"""aws.elasticache.get_replication_group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import described

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Read one that exists."""
    told = described.of(call, "aws:elasticache/replicationGroup:ReplicationGroup", "replicationGroupId", arguments)
    groups = call.request("elasticache", "describe_replication_groups", ReplicationGroupId=told["replicationGroupId"])
    told["authTokenEnabled"] = groups["ReplicationGroups"][0].get("AuthTokenEnabled", False)
    return told
