"""Migration of data to replication groups and serverless caches, through HTTP."""

import pytest

TARGET = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.1",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
    "AutomaticFailoverEnabled": True,
    "MultiAZEnabled": True,
}
SOURCE = [{"Address": "10.0.0.241", "Port": 6379}]
VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"


@pytest.fixture
def target(elasticache):
    elasticache.create_replication_group(**TARGET)
    return elasticache


@pytest.fixture
def serverless(elasticache):
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")
    return elasticache


def status(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return group["Status"]


def migration(elasticache):
    (cache,) = elasticache.describe_serverless_caches(ServerlessCacheName="cache")["ServerlessCaches"]
    return cache.get("Migration")


def test_migration(target, refused):
    """A group is migrating from start to completion, and takes no changes meanwhile."""
    start = {"ReplicationGroupId": "main", "CustomerNodeEndpointList": SOURCE}
    assert target.test_migration(**start)["ReplicationGroup"]["Status"] == "modifying"
    assert status(target) == "available"
    assert target.start_migration(**start)["ReplicationGroup"]["Status"] == "migrating"
    assert status(target) == "migrating"
    for function in (target.start_migration, target.test_migration):
        assert refused(function, **start) == (
            "ReplicationGroupAlreadyUnderMigrationFault",
            "Replication group main is already under migration.",
        )
    code, _ = refused(target.modify_replication_group, ReplicationGroupId="main", SnapshotRetentionLimit=1)
    assert code == "InvalidReplicationGroupState"
    target.complete_migration(ReplicationGroupId="main", Force=True)
    assert status(target) == "available"
    events = target.describe_events(SourceType="replication-group")["Events"]
    assert "Complete Migration successful for main" in [event["Message"] for event in events]
    assert refused(target.complete_migration, ReplicationGroupId="main") == (
        "ReplicationGroupNotUnderMigrationFault",
        "Replication group main is not under migration.",
    )


@pytest.mark.parametrize(
    ("endpoints", "message"),
    [
        ([], "CustomerNodeEndpointList must have exactly one element, got 0."),
        (SOURCE * 2, "CustomerNodeEndpointList must have exactly one element, got 2."),
        ([{"Address": "10.0.0.241"}], "The endpoint in CustomerNodeEndpointList must have an Address and a Port."),
        ([{"Address": "10.0.0.241", "Port": 65536}], "Invalid port: 65536. Must be between 1 and 65535."),
    ],
)
def test_endpoints(target, refused, endpoints, message):
    """Data come from exactly one endpoint."""
    for function in (target.start_migration, target.test_migration):
        arguments = {"ReplicationGroupId": "main", "CustomerNodeEndpointList": endpoints}
        assert refused(function, **arguments) == (VALUE, message)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"TransitEncryptionEnabled": True}, "is encrypted in transit"),
        ({"MultiAZEnabled": False}, "does not have Multi-AZ enabled"),
        ({"CacheNodeType": "cache.r6gd.xlarge", "DataTieringEnabled": True}, "has data tiering enabled"),
        (
            {"EngineVersion": "4.0.10", "CacheNodeType": "cache.r5.large"},
            "runs a version before 5.0.6",
        ),
    ],
)
def test_targets(elasticache, refused, arguments, problem):
    """A group must be as AWS's guide says before data are migrated to it."""
    elasticache.create_replication_group(**TARGET | arguments)
    assert refused(elasticache.start_migration, ReplicationGroupId="main", CustomerNodeEndpointList=SOURCE) == (
        VALUE,
        f"Data cannot be migrated to replication group main: it {problem}.",
    )


def test_which_cache(target, serverless, refused):
    """A migration is to one cache, of either kind."""
    message = "Exactly one of ReplicationGroupId and ServerlessCacheName must be given."
    for function in (target.start_migration, target.complete_migration):
        for arguments in ({}, {"ReplicationGroupId": "main", "ServerlessCacheName": "cache"}):
            assert refused(function, **arguments) == (COMBINATION, message)
    assert refused(
        target.start_migration, ReplicationGroupId="main", CustomerNodeEndpointList=SOURCE, AutoCutover=True
    ) == (COMBINATION, "AutoCutover is for the migration to a serverless cache only.")
    code, _ = refused(target.start_migration, ReplicationGroupId="none", CustomerNodeEndpointList=SOURCE)
    assert code == "ReplicationGroupNotFoundFault"


def test_serverless_migration(serverless, refused):
    """A serverless cache is prepared, synced, stopped, synced anew and cut over."""
    not_under = ("ServerlessCacheNotUnderMigrationFault", "Serverless cache cache is not under migration.")
    for function in (serverless.start_migration, serverless.stop_migration, serverless.complete_migration):
        assert refused(function, ServerlessCacheName="cache") == not_under
    prepare = {"ServerlessCacheName": "cache", "CustomerNodeEndpointList": SOURCE}
    answer = serverless.prepare_migration(**prepare)["ServerlessCache"]
    assert answer["Migration"] == {
        "Status": "prepared",
        "MigrationEndpoint": answer["Endpoint"],
        "CutoverMode": "manual",
    }
    assert refused(serverless.prepare_migration, **prepare)[0] == "ServerlessCacheAlreadyUnderMigrationFault"
    assert refused(serverless.stop_migration, ServerlessCacheName="cache")[0] == "InvalidServerlessCacheStateFault"
    assert refused(serverless.complete_migration, ServerlessCacheName="cache")[0] == "MigrationHealthFault"
    serverless.start_migration(ServerlessCacheName="cache")
    assert migration(serverless)["Status"] == "syncing"
    assert refused(serverless.start_migration, ServerlessCacheName="cache")[0] == "InvalidServerlessCacheStateFault"
    serverless.stop_migration(ServerlessCacheName="cache")
    assert migration(serverless)["Status"] == "stopped"
    assert refused(serverless.start_migration, ServerlessCacheName="cache") == (
        COMBINATION,
        "ClearTargetCacheData must be true to restart the data sync after StopMigration.",
    )
    serverless.start_migration(ServerlessCacheName="cache", ClearTargetCacheData=True)
    serverless.complete_migration(ServerlessCacheName="cache")
    assert migration(serverless) is None


def test_automatic_cutover_and_abortion(serverless):
    """A migration completes by itself when asked to, or at any point by force."""
    prepare = {"ServerlessCacheName": "cache", "CustomerNodeEndpointList": SOURCE}
    serverless.prepare_migration(**prepare)
    answer = serverless.start_migration(ServerlessCacheName="cache", AutoCutover=True)["ServerlessCache"]
    assert answer["Migration"]["CutoverMode"] == "auto"
    assert migration(serverless) is None
    serverless.prepare_migration(**prepare)
    serverless.complete_migration(ServerlessCacheName="cache", Force=True)
    assert migration(serverless) is None


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"ServerlessCacheName": "none"}, "ServerlessCacheNotFoundFault", "Serverless cache none not found."),
        (
            {"SourceTlsConfiguration": {"SourceTlsMode": "none", "SourceTlsCertificate": "pem"}},
            VALUE,
            "SourceTlsCertificate needs the SourceTlsMode verify-ca.",
        ),
        (
            {"SourceAuthenticationConfiguration": {"SecretManagerConfig": {"SecretArn": "secret"}}},
            VALUE,
            "Invalid SecretArn: secret. Must be the ARN of a secret in us-east-1.",
        ),
        (
            {"CustomerNodeEndpointList": []},
            VALUE,
            "CustomerNodeEndpointList must have exactly one element, got 0.",
        ),
    ],
)
def test_preparation_refusals(serverless, refused, arguments, code, message):
    """A source that cannot be reached as described is refused."""
    given = {"ServerlessCacheName": "cache", "CustomerNodeEndpointList": SOURCE} | arguments
    assert refused(serverless.prepare_migration, **given) == (code, message)
    assert migration(serverless) is None
