"""Engine versions, events, service updates, reserved nodes and classic security groups, through HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from cachewright.catalog import engine_versions


def test_every_engine_version_is_shown(elasticache):
    """The versions are the catalog's, each with its family, in pages of any size."""
    pages = elasticache.get_paginator("describe_cache_engine_versions").paginate(PaginationConfig={"PageSize": 20})
    shown = [version for page in pages for version in page["CacheEngineVersions"]]
    assert {(one["Engine"], one["EngineVersion"], one["CacheParameterGroupFamily"]) for one in shown} == {
        (one.engine, one.version, one.family) for one in engine_versions.engine_versions()
    }
    assert len(shown) == len(engine_versions.engine_versions())


@pytest.mark.parametrize(
    ("filters", "versions"),
    [
        ({"Engine": "redis", "EngineVersion": "7.1"}, ["7.1"]),
        ({"CacheParameterGroupFamily": "valkey7"}, ["7.2"]),
        ({"Engine": "valkey", "CacheParameterGroupFamily": "valkey8"}, ["8.0", "8.1", "8.2"]),
        ({"CacheParameterGroupFamily": "valkey8", "DefaultOnly": True}, ["8.2"]),
        ({"Engine": "memcached", "DefaultOnly": True}, ["1.6.22"]),
        ({"Engine": "dragonfly"}, []),
    ],
)
def test_engine_version_filters(elasticache, filters, versions):
    """Versions are found by engine, number, family, and as the default of what was asked for."""
    answer = elasticache.describe_cache_engine_versions(**filters)
    assert [one["EngineVersion"] for one in answer["CacheEngineVersions"]] == versions


def test_events_tell_what_happened(elasticache):
    """Events are those of the last hour, oldest first, and are found by their source."""
    elasticache.create_user_group(UserGroupId="team", Engine="valkey")
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")
    elasticache.delete_serverless_cache(ServerlessCacheName="cache")
    events = elasticache.describe_events()["Events"]
    assert [event["Message"] for event in events] == [
        "User group team has been created.",
        "Creating serverless cache cache.",
        "Serverless cache cache has been created.",
        "Deleting serverless cache cache.",
        "Serverless cache cache has been deleted.",
    ]
    of_group = elasticache.describe_events(SourceType="user-group", SourceIdentifier="team")["Events"]
    assert [(event["SourceType"], event["SourceIdentifier"]) for event in of_group] == [("user-group", "team")]


def test_event_periods(elasticache):
    """Events are found by when they happened."""
    elasticache.create_user_group(UserGroupId="team", Engine="valkey")
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert elasticache.describe_events(StartTime=now - 3 * hour, EndTime=now - 2 * hour)["Events"] == []
    assert elasticache.describe_events(EndTime=now - hour)["Events"] == []
    assert len(elasticache.describe_events(StartTime=now - hour)["Events"]) == 1
    assert len(elasticache.describe_events(Duration=5)["Events"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"SourceIdentifier": "team"},
            "InvalidParameterCombination",
            "SourceType must be given together with SourceIdentifier.",
        ),
        (
            {"Duration": 20161},
            "InvalidParameterValue",
            "Invalid value for Duration: 20161. Must be between 1 and 20160 minutes.",
        ),
        (
            {"StartTime": "2020-01-02T00:00:00Z", "EndTime": "2020-01-01T00:00:00Z"},
            "InvalidParameterCombination",
            "StartTime must not be later than EndTime.",
        ),
        (
            {"StartTime": "2020-01-01T00:00:00Z"},
            "InvalidParameterValue",
            "Events are kept for 14 days: StartTime must not be earlier.",
        ),
    ],
)
def test_describe_events_refuses(elasticache, refused, arguments, code, message):
    """A period must be one, and not too long ago."""
    assert refused(elasticache.describe_events, **arguments) == (code, message)


def test_events_are_paged(elasticache):
    """Pages show every event once."""
    for number in range(30):
        elasticache.create_user_group(UserGroupId=f"team{number:02}", Engine="valkey")
    pages = elasticache.get_paginator("describe_events").paginate(PaginationConfig={"PageSize": 20})
    names = [event["SourceIdentifier"] for page in pages for event in page["Events"]]
    assert names == [f"team{number:02}" for number in range(30)]


def test_no_service_updates(elasticache, refused):
    """No service update exists, so none is shown, applied or stopped."""
    assert elasticache.describe_service_updates()["ServiceUpdates"] == []
    assert elasticache.describe_update_actions(ServiceUpdateStatus=["available"])["UpdateActions"] == []
    message = "Service update elasticache-1 not found."
    named = {"ServiceUpdateName": "elasticache-1"}
    assert refused(elasticache.describe_service_updates, **named) == ("ServiceUpdateNotFoundFault", message)
    for call in (elasticache.batch_apply_update_action, elasticache.batch_stop_update_action):
        assert refused(call, **named, CacheClusterIds=["a"]) == ("ServiceUpdateNotFoundFault", message)
    assert refused(elasticache.describe_update_actions, ReplicationGroupIds=["none"])[0] == (
        "ReplicationGroupNotFoundFault"
    )
    assert refused(elasticache.describe_service_updates, ServiceUpdateStatus=["new"]) == (
        "InvalidParameterValue",
        "Invalid value for ServiceUpdateStatus: new. Must be one of: available, cancelled, expired.",
    )


def test_no_reserved_nodes(elasticache, refused):
    """No offering exists, so none is shown or bought."""
    assert elasticache.describe_reserved_cache_nodes()["ReservedCacheNodes"] == []
    assert elasticache.describe_reserved_cache_nodes_offerings(Duration="1")["ReservedCacheNodesOfferings"] == []
    assert refused(elasticache.describe_reserved_cache_nodes, ReservedCacheNodeId="x") == (
        "ReservedCacheNodeNotFound",
        "Reserved cache node x not found.",
    )
    offering = {"ReservedCacheNodesOfferingId": "438012d3-4052-4cc7-b2e3-8d3372e0e706"}
    for call in (
        elasticache.describe_reserved_cache_nodes_offerings,
        elasticache.purchase_reserved_cache_nodes_offering,
    ):
        assert refused(call, **offering)[0] == "ReservedCacheNodesOfferingNotFound"
    assert refused(elasticache.describe_reserved_cache_nodes_offerings, Duration="2") == (
        "InvalidParameterValue",
        "Invalid value for Duration: 2. Must be one of: 1, 3, 31536000, 94608000.",
    )


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("create_cache_security_group", {"CacheSecurityGroupName": "a", "Description": "a"}),
        ("delete_cache_security_group", {"CacheSecurityGroupName": "a"}),
        ("describe_cache_security_groups", {}),
        (
            "authorize_cache_security_group_ingress",
            {"CacheSecurityGroupName": "a", "EC2SecurityGroupName": "b", "EC2SecurityGroupOwnerId": "c"},
        ),
        (
            "revoke_cache_security_group_ingress",
            {"CacheSecurityGroupName": "a", "EC2SecurityGroupName": "b", "EC2SecurityGroupOwnerId": "c"},
        ),
    ],
)
def test_classic_security_groups_are_refused(elasticache, refused, call, arguments):
    """Groups of EC2-Classic are refused as in every account of today."""
    assert refused(getattr(elasticache, call), **arguments) == (
        "InvalidParameterValue",
        "Use of cache security groups is not permitted in this API version for your account.",
    )
