"""TestFailover."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination
from cachewright_offline.cloud.elasticache.operations.replication_groups import description, promotion
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    ReplicationGroups,
    available,
    begin,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
        ReplicationGroup,
        Shard,
    )
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("TestFailover")
def test_failover(context: Context, params: Params) -> Result:
    """Make a replica of one shard its primary."""
    group = available(context, params["ReplicationGroupId"])
    shard = next((one for one in group.shards if one.id == params["NodeGroupId"]), None)
    if shard is None:
        raise fault("NodeGroupNotFoundFault", f"Node group {params['NodeGroupId']} not found.")
    if not group.automatic_failover:
        raise invalid_combination("TestFailover needs automatic failover to be enabled.")
    if not shard.replicas:
        raise invalid_combination("TestFailover needs a replica in the node group.")
    _count_test(context, group, shard)
    message = f"Test Failover API called for node group {shard.id}"
    context.state.record_event("replication-group", group.id, message)
    begin(context, group, "modifying", "failover", lambda: _fail_over(context, group, shard))
    return {"ReplicationGroup": description.shown(context, group)}


def _count_test(context: Context, group: ReplicationGroup, shard: Shard) -> None:
    """Refuse more tests in 24 hours than AWS allows in an account and region."""
    kept = context.state.part(ReplicationGroups)
    now = context.state.now()
    kept.failover_tests = [one for one in kept.failover_tests if one[0] > now - timedelta(days=1)]
    most = limit("test_failovers_per_day")
    if len(kept.failover_tests) >= most:
        message = f"Failover can be tested on up to {most} node groups in any 24 hours."
        raise fault("APICallRateForCustomerExceededFault", message)
    kept.failover_tests.append((now, group.id, shard.id))


def _fail_over(context: Context, group: ReplicationGroup, shard: Shard) -> None:
    failed = group.member_id(shard, shard.primary_node)
    promotion.make_primary(context, group, shard, shard.replicas[0])
    context.state.record_event("cache-cluster", failed, "Recovering cache nodes 0001")
    context.state.record_event("cache-cluster", failed, "Finished recovery for cache nodes 0001")
