"""Service updates and update actions, through HTTP and, with a speed, inside the test."""

import pytest

from cachewright_offline.cloud.clock import CLOCK

UPDATE = "elc-20260901-001"
GROUP = {
    "ReplicationGroupId": "group",
    "ReplicationGroupDescription": "group",
    "Engine": "redis",
    "CacheNodeType": "cache.t4g.micro",
    "NumCacheClusters": 2,
}
MEMCACHED = {
    "CacheClusterId": "mem",
    "Engine": "memcached",
    "CacheNodeType": "cache.t4g.micro",
    "NumCacheNodes": 2,
}


@pytest.fixture
def caches(elasticache):
    elasticache.create_replication_group(**GROUP)
    elasticache.create_cache_cluster(**MEMCACHED)
    return elasticache


def actions(elasticache, **filters):
    found = elasticache.describe_update_actions(**filters)["UpdateActions"]
    return [
        (one.get("ReplicationGroupId") or one["CacheClusterId"], one["ServiceUpdateName"], one["UpdateActionStatus"])
        for one in found
    ]


def test_an_update_that_there_is_not(elasticache, refused):
    """An update that AWS has not published is neither applied nor stopped."""
    missing = {"ServiceUpdateName": "elc-1", "ReplicationGroupIds": ["group"]}
    error = ("ServiceUpdateNotFoundFault", "Service update elc-1 not found.")
    assert refused(elasticache.batch_apply_update_action, **missing) == error
    assert refused(elasticache.batch_stop_update_action, **missing) == error


def test_service_updates(elasticache, refused):
    """Updates are shown in full, found by name and status, and one is refused that does not exist."""
    (update,) = elasticache.describe_service_updates(ServiceUpdateName=UPDATE)["ServiceUpdates"]
    assert update["ServiceUpdateStatus"] == "available"
    assert update["ServiceUpdateSeverity"] == "important"
    assert update["ServiceUpdateType"] == "security-update"
    assert update["Engine"] == "valkey, redis"
    assert update["EngineVersion"] == "valkey 7.2 and onwards, redis 4.0.10 and onwards"
    assert update["AutoUpdateAfterRecommendedApplyByDate"] is True
    assert update["EstimatedUpdateTime"] == "30 minutes per node"
    assert update["ServiceUpdateReleaseDate"].isoformat() == "2026-09-01T16:00:00+00:00"
    for status, names in (
        ("available", [UPDATE, "elc-20261001-001"]),
        ("cancelled", ["elc-20250301-001"]),
        ("expired", ["elc-20200611-001"]),
    ):
        found = elasticache.describe_service_updates(ServiceUpdateStatus=[status])["ServiceUpdates"]
        assert [one["ServiceUpdateName"] for one in found] == names
    assert refused(elasticache.describe_service_updates, ServiceUpdateName="elc-1") == (
        "ServiceUpdateNotFoundFault",
        "Service update elc-1 not found.",
    )
    assert refused(elasticache.describe_service_updates, ServiceUpdateStatus=["new"]) == (
        "InvalidParameterValue",
        "Invalid value for ServiceUpdateStatus: new. Must be one of: available, cancelled, expired.",
    )


def test_update_is_applied(caches):
    """An update waits to start on the caches it is applied to, and is then complete on each of their nodes."""
    assert actions(caches) == [("group", UPDATE, "not-applied"), ("mem", "elc-20261001-001", "not-applied")]
    answer = caches.batch_apply_update_action(ServiceUpdateName=UPDATE, ReplicationGroupIds=["Group"])
    assert answer["ProcessedUpdateActions"] == [
        {"ReplicationGroupId": "group", "ServiceUpdateName": UPDATE, "UpdateActionStatus": "waiting-to-start"}
    ]
    assert answer["UnprocessedUpdateActions"] == []
    (action,) = caches.describe_update_actions(ReplicationGroupIds=["group"], ShowNodeLevelUpdateStatus=True)[
        "UpdateActions"
    ]
    assert (action["UpdateActionStatus"], action["NodesUpdated"], action["SlaMet"]) == ("complete", "2/2", "yes")
    (group,) = action["NodeGroupUpdateStatus"]
    assert group["NodeGroupId"] == "0001"
    members = group["NodeGroupMemberUpdateStatus"]
    assert [(one["CacheClusterId"], one["NodeUpdateStatus"], one["NodeUpdateInitiatedBy"]) for one in members] == [
        ("group-001", "complete", "customer"),
        ("group-002", "complete", "customer"),
    ]
    (other,) = caches.describe_update_actions(CacheClusterIds=["mem"], ShowNodeLevelUpdateStatus=True)["UpdateActions"]
    assert other["NodesUpdated"] == "0/2"
    assert [(one["CacheNodeId"], one["NodeUpdateStatus"]) for one in other["CacheNodeUpdateStatus"]] == [
        ("0001", "not-applied"),
        ("0002", "not-applied"),
    ]


def test_what_is_not_processed(caches):
    """What cannot be done to one cache is told beside what was done to the others."""
    caches.batch_apply_update_action(ServiceUpdateName=UPDATE, ReplicationGroupIds=["group"])
    for call, message in (
        (caches.batch_apply_update_action, "The service update cannot be applied: its status is complete."),
        (caches.batch_stop_update_action, "The service update cannot be stopped: its status is complete."),
    ):
        answer = call(ServiceUpdateName=UPDATE, ReplicationGroupIds=["group", "none"], CacheClusterIds=["mem"])
        assert answer["ProcessedUpdateActions"] == []
        assert answer["UnprocessedUpdateActions"] == [
            {
                "ReplicationGroupId": "group",
                "ServiceUpdateName": UPDATE,
                "ErrorType": "InvalidParameterValue",
                "ErrorMessage": message,
            },
            {
                "ReplicationGroupId": "none",
                "ServiceUpdateName": UPDATE,
                "ErrorType": "ReplicationGroupNotFoundFault",
                "ErrorMessage": f"Replication group none with service update {UPDATE} not found.",
            },
            {
                "CacheClusterId": "mem",
                "ServiceUpdateName": UPDATE,
                "ErrorType": "CacheClusterNotFound",
                "ErrorMessage": f"Cache cluster mem with service update {UPDATE} not found.",
            },
        ]


def test_batches_that_are_refused(caches, refused):
    """A batch needs an update that exists, and one to twenty caches of a kind."""
    for call in (caches.batch_apply_update_action, caches.batch_stop_update_action):
        assert refused(call, ServiceUpdateName="elc-1", CacheClusterIds=["mem"]) == (
            "ServiceUpdateNotFoundFault",
            "Service update elc-1 not found.",
        )
        assert refused(call, ServiceUpdateName=UPDATE) == (
            "InvalidParameterValue",
            "At least one of ReplicationGroupIds and CacheClusterIds must be given.",
        )
        many = [f"c{number}" for number in range(21)]
        assert refused(call, ServiceUpdateName=UPDATE, CacheClusterIds=many) == (
            "InvalidParameterValue",
            "CacheClusterIds can have at most 20 elements.",
        )


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"Engine": "Redis"}, ["group"]),
        ({"Engine": "memcached"}, ["mem"]),
        ({"ServiceUpdateName": UPDATE}, ["group"]),
        ({"ServiceUpdateName": "elc-1"}, []),
        ({"ServiceUpdateStatus": ["available"]}, ["group", "mem"]),
        ({"ServiceUpdateStatus": ["expired"]}, []),
        ({"UpdateActionStatus": ["not-applied"]}, ["mem"]),
        ({"UpdateActionStatus": ["complete", "stopped"]}, ["group"]),
        ({"ServiceUpdateTimeRange": {"StartTime": "2026-09-15T00:00:00Z"}}, ["mem"]),
        ({"ServiceUpdateTimeRange": {"EndTime": "2026-09-15T00:00:00Z"}}, ["group"]),
        ({"CacheClusterIds": ["MEM"]}, ["mem"]),
        ({"ReplicationGroupIds": ["none"]}, []),
    ],
)
def test_update_actions_are_filtered(caches, filters, names):
    """Actions are found by cache, engine, update and status."""
    caches.batch_apply_update_action(ServiceUpdateName=UPDATE, ReplicationGroupIds=["group"])
    assert [name for name, _, _ in actions(caches, **filters)] == names


def test_describe_update_actions_refuses(elasticache, refused):
    """Statuses that do not exist, and caches of both kinds, are refused."""
    assert refused(elasticache.describe_update_actions, ReplicationGroupIds=["a"], CacheClusterIds=["b"])[0] == (
        "InvalidParameterCombination"
    )
    assert refused(elasticache.describe_update_actions, UpdateActionStatus=["done"])[0] == "InvalidParameterValue"
    assert refused(elasticache.describe_update_actions, ServiceUpdateStatus=["new"])[0] == "InvalidParameterValue"


def test_later_cache_of_the_same_id_starts_anew(caches):
    """What was applied to a deleted cache is not applied to one that gets its id."""
    caches.batch_apply_update_action(ServiceUpdateName="elc-20261001-001", CacheClusterIds=["mem"])
    assert actions(caches, CacheClusterIds=["mem"]) == [("mem", "elc-20261001-001", "complete")]
    caches.delete_cache_cluster(CacheClusterId="mem")
    caches.create_cache_cluster(**MEMCACHED)
    assert actions(caches, CacheClusterIds=["mem"]) == [("mem", "elc-20261001-001", "not-applied")]


def test_update_with_a_speed(in_process):
    """With a speed an update waits, is in progress, and can be stopped and begun again until it is complete."""
    CLOCK.speed = 1
    in_process.call("CreateCacheCluster", **MEMCACHED)
    batch = {"ServiceUpdateName": "elc-20261001-001", "CacheClusterIds": ["mem"]}

    def status():
        (action,) = in_process.call("DescribeUpdateActions")["UpdateActions"]
        return action["UpdateActionStatus"]

    (unprocessed,) = in_process.call("BatchApplyUpdateAction", **batch)["UnprocessedUpdateActions"]
    assert (unprocessed["ErrorType"], unprocessed["ErrorMessage"]) == (
        "InvalidCacheClusterState",
        "mem is not in available state: it is creating.",
    )
    CLOCK.advance(420)
    in_process.call("BatchApplyUpdateAction", **batch)
    assert status() == "waiting-to-start"
    CLOCK.advance(60)
    assert status() == "in-progress"
    (processed,) = in_process.call("BatchStopUpdateAction", **batch)["ProcessedUpdateActions"]
    assert processed["UpdateActionStatus"] == "stopping"
    CLOCK.advance(60)
    assert status() == "stopped"
    CLOCK.advance(900)
    assert status() == "stopped"
    in_process.call("BatchApplyUpdateAction", **batch)
    CLOCK.advance(60)
    assert status() == "in-progress"
    CLOCK.advance(900)
    assert status() == "complete"
    in_process.start_again()
    assert status() == "complete"
