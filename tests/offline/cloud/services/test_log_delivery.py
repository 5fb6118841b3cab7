"""What caches with log delivery write to CloudWatch Logs."""

import json

import pytest


@pytest.fixture
def logs(cloud):
    return cloud.client("logs")


def delivery(log_type, group, log_format="json"):
    return {
        "LogType": log_type,
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": group}},
        "LogFormat": log_format,
    }


def create_group(elasticache, *deliveries):
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        LogDeliveryConfigurations=list(deliveries),
    )
    elasticache.describe_replication_groups()


def streams(logs, group):
    return [one["logStreamName"] for one in logs.describe_log_streams(logGroupName=group)["logStreams"]]


def messages(logs, group):
    return [one["message"] for one in logs.filter_log_events(logGroupName=group)["events"]]


def test_groups_streams_and_entries(logs, elasticache):
    """Missing groups are made; each node has a stream with an entry in the format that was asked for."""
    logs.create_log_group(logGroupName="slow", tags={"a": "b"})
    create_group(elasticache, delivery("slow-log", "slow"), delivery("engine-log", "engine", "text"))
    assert [one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]] == ["engine", "slow"]
    assert streams(logs, "slow") == [f"elasticache/valkey/main-00{number}/0001/slow-log" for number in (1, 2)]
    first, second = map(json.loads, messages(logs, "slow"))
    assert list(first) == [
        *("CacheClusterId", "CacheNodeId", "Id", "Timestamp", "Duration (us)", "Command", "ClientAddress"),
        "ClientName",
    ]
    assert (first["CacheClusterId"], second["CacheClusterId"]) == ("main-001", "main-002")
    assert first["Command"] == "KEYS ... (1 more arguments)"
    first, second = messages(logs, "engine")
    assert first.startswith("main-001/0001:M ")
    assert second.startswith("main-002/0001:S ")
    assert first.endswith(" UTC * Ready to accept connections")
    assert len(messages(logs, "engine")) == 2
    (event,) = logs.get_log_events(logGroupName="engine", logStreamName="elasticache/valkey/main-001/0001/engine-log")[
        "events"
    ]
    assert event["message"] == first


def test_both_formats(logs, elasticache):
    """An engine log may be JSON and a slow log text."""
    create_group(elasticache, delivery("slow-log", "slow", "text"), delivery("engine-log", "engine"))
    entry = json.loads(messages(logs, "engine")[0])
    assert (entry["LogLevel"], entry["Role"], entry["Message"]) == ("NOTICE", "M", "Ready to accept connections")
    fields = messages(logs, "slow")[0].split(",")
    assert (fields[0], fields[1], fields[4]) == ("main-001", "0001", "KEYS ... (1 more arguments)")


def test_nodes_that_are_added(logs, elasticache):
    """A node that is added has its own stream; the stream of one that is gone stays."""
    create_group(elasticache, delivery("slow-log", "slow"))
    elasticache.increase_replica_count(ReplicationGroupId="main", NewReplicaCount=2, ApplyImmediately=True)
    elasticache.describe_replication_groups()
    assert len(streams(logs, "slow")) == 3
    elasticache.delete_replication_group(ReplicationGroupId="main")
    elasticache.describe_cache_clusters()
    assert len(streams(logs, "slow")) == 3


def delivery_statuses(elasticache):
    """Return status and message of each delivery, as the group and each of its members show them."""
    (group,) = elasticache.describe_replication_groups()["ReplicationGroups"]
    shown = [group, *elasticache.describe_cache_clusters()["CacheClusters"]]
    return [[(one["Status"], one.get("Message")) for one in cache["LogDeliveryConfigurations"]] for cache in shown]


def test_group_that_is_deleted(logs, elasticache):
    """A group that is deleted under a delivery does not come back by itself, and the delivery tells."""
    create_group(elasticache, delivery("slow-log", "slow"), delivery("engine-log", "engine"))
    assert delivery_statuses(elasticache) == [[("active", None), ("active", None)]] * 3
    logs.delete_log_group(logGroupName="slow")
    lost = ("error", "The log group slow does not exist.")
    assert delivery_statuses(elasticache) == [[lost, ("active", None)]] * 3
    assert [one["logGroupName"] for one in logs.describe_log_groups()["logGroups"]] == ["engine"]
    assert delivery_statuses(elasticache)[0][0] == lost
    logs.create_log_group(logGroupName="slow")
    assert delivery_statuses(elasticache)[0][0] == ("active", None)
    assert len(streams(logs, "slow")) == 2


def test_delivery_that_begins_anew(logs, elasticache):
    """A delivery in error that is configured again makes its group again."""
    create_group(elasticache, delivery("slow-log", "slow"))
    logs.delete_log_group(logGroupName="slow")
    elasticache.modify_replication_group(
        ReplicationGroupId="main", LogDeliveryConfigurations=[delivery("slow-log", "slow")], ApplyImmediately=True
    )
    assert delivery_statuses(elasticache) == [[("active", None)]] * 3
    assert len(streams(logs, "slow")) == 2


def test_key_of_a_delivered_group(cloud, logs, elasticache, refused):
    """A group that ElastiCache made is as any other: it exists, and takes a key and a retention."""
    create_group(elasticache, delivery("slow-log", "slow"))
    assert refused(logs.create_log_group, logGroupName="slow")[0] == "ResourceAlreadyExistsException"
    key_arn = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.associate_kms_key(logGroupName="slow", kmsKeyId=key_arn)
    logs.put_retention_policy(logGroupName="slow", retentionInDays=7)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["kmsKeyId"], group["retentionInDays"]) == (key_arn, 7)


def test_no_delivery(logs, elasticache):
    """A cache without log delivery writes nothing."""
    create_group(elasticache)
    assert logs.describe_log_groups()["logGroups"] == []


def test_cache_that_is_made_again(logs, elasticache):
    """A delivery that begins anew makes its group anew."""
    for _ in range(2):
        create_group(elasticache, delivery("slow-log", "slow"))
        assert len(streams(logs, "slow")) == 2
        elasticache.delete_replication_group(ReplicationGroupId="main")
        elasticache.describe_cache_clusters()
        logs.delete_log_group(logGroupName="slow")
        assert logs.describe_log_groups()["logGroups"] == []


def test_stream_that_is_deleted(cloud, elasticache):
    """A delivery to Firehose tells when its stream is deleted, and when there is one of that name again."""
    firehose = cloud.client("firehose")
    bucket = {"RoleARN": "arn:aws:iam::123456789012:role/r", "BucketARN": "arn:aws:s3:::b"}
    firehose.create_delivery_stream(DeliveryStreamName="stream", S3DestinationConfiguration=bucket)
    to_stream = delivery("slow-log", "unused") | {
        "DestinationType": "kinesis-firehose",
        "DestinationDetails": {"KinesisFirehoseDetails": {"DeliveryStream": "stream"}},
    }
    create_group(elasticache, to_stream, delivery("engine-log", "engine"))
    firehose.create_delivery_stream(DeliveryStreamName="other", S3DestinationConfiguration=bucket)
    firehose.delete_delivery_stream(DeliveryStreamName="other")
    assert delivery_statuses(elasticache) == [[("active", None), ("active", None)]] * 3
    firehose.delete_delivery_stream(DeliveryStreamName="stream")
    lost = ("error", "The delivery stream stream does not exist.")
    assert delivery_statuses(elasticache) == [[lost, ("active", None)]] * 3
    firehose.create_delivery_stream(DeliveryStreamName="stream", S3DestinationConfiguration=bucket)
    assert delivery_statuses(elasticache) == [[("active", None), ("active", None)]] * 3
