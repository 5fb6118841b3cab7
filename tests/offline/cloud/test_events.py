"""Events, through HTTP and, where time passes, inside the test."""

from datetime import UTC, datetime, timedelta

import pytest

from cachewright_offline.cloud.clock import CLOCK


def test_events_tell_what_happened(elasticache):
    """Events are those of the last hour, newest first, and are found by their source."""
    elasticache.create_user_group(UserGroupId="team", Engine="valkey")
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")
    elasticache.delete_serverless_cache(ServerlessCacheName="cache")
    events = elasticache.describe_events()["Events"]
    assert [event["Message"] for event in events] == [
        "Cache cache was deleted.",
        "Cache cache is created and ready to use.",
        "User group team has been created.",
    ]
    of_group = elasticache.describe_events(SourceType="user-group", SourceIdentifier="TEAM")["Events"]
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


def test_events_are_kept_for_two_weeks(in_process):
    """An event is of the last hour at first, then found by a longer duration, and after 14 days no more."""
    in_process.call("CreateUserGroup", UserGroupId="team", Engine="valkey")
    assert len(in_process.call("DescribeEvents")["Events"]) == 1
    CLOCK.advance(timedelta(hours=2).total_seconds())
    assert in_process.call("DescribeEvents")["Events"] == []
    assert len(in_process.call("DescribeEvents", Duration=180)["Events"]) == 1
    CLOCK.advance(timedelta(days=14).total_seconds())
    assert in_process.call("DescribeEvents", Duration=14 * 24 * 60)["Events"] == []


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
            {"Duration": 0},
            "InvalidParameterValue",
            "Invalid value for Duration: 0. Must be between 1 and 20160 minutes.",
        ),
        (
            {"StartTime": "2020-01-02T00:00:00Z", "EndTime": "2020-01-01T00:00:00Z"},
            "InvalidParameterCombination",
            "StartTime must not be later than EndTime.",
        ),
        (
            {"StartTime": "2020-01-01T00:00:00Z", "EndTime": "2020-01-02T00:00:00Z", "Duration": 5},
            "InvalidParameterCombination",
            "Duration cannot be given together with both StartTime and EndTime.",
        ),
        (
            {"StartTime": "2020-01-01T00:00:00Z"},
            "InvalidParameterValue",
            "Events are kept for 14 days: StartTime must not be earlier.",
        ),
        (
            {"SourceType": "teapot"},
            "InvalidParameterValue",
            "Invalid value for SourceType: teapot. Must be one of: cache-cluster, cache-parameter-group, "
            "cache-security-group, cache-subnet-group, replication-group, serverless-cache, "
            "serverless-cache-snapshot, user, user-group.",
        ),
        ({"MaxRecords": 19}, "InvalidParameterValue", "Invalid value 19 for MaxRecords. Must be between 20 and 100."),
        ({"Marker": "?"}, "InvalidParameterValue", "The value of Marker is invalid."),
    ],
)
def test_describe_events_refuses(elasticache, refused, arguments, code, message):
    """A period must be one, and not too long ago."""
    assert refused(elasticache.describe_events, **arguments) == (code, message)


def test_events_are_paged(elasticache):
    """Pages show every event once, also those that happened at one moment."""
    for number in range(30):
        elasticache.create_user_group(UserGroupId=f"team{number:02}", Engine="valkey")
    pages = elasticache.get_paginator("describe_events").paginate(PaginationConfig={"PageSize": 20})
    names = [event["SourceIdentifier"] for page in pages for event in page["Events"]]
    assert names == [f"team{number:02}" for number in reversed(range(30))]
    elasticache.create_cache_cluster(
        CacheClusterId="mem", Engine="memcached", CacheNodeType="cache.t4g.micro", NumCacheNodes=40
    )
    pages = elasticache.get_paginator("describe_events").paginate(
        SourceType="cache-cluster", PaginationConfig={"PageSize": 20}
    )
    messages = [event["Message"] for page in pages for event in page["Events"]]
    assert len(set(messages)) == len(messages) == 41
    assert (messages[0], messages[-1]) == (
        "Added cache node 0040 in availability zone us-east-1a",
        "Cache cluster created",
    )


def test_regions_have_their_own_events(cloud):
    """What happens in one region is no event of another."""
    cloud.client("elasticache").create_user_group(UserGroupId="team", Engine="valkey")
    assert cloud.client("elasticache", "eu-west-1").describe_events()["Events"] == []
