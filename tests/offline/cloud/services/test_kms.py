"""Customer keys of caches: only an enabled key of the region encrypts, and a cache that has one keeps it."""

import pytest

GROUP = {
    "ReplicationGroupDescription": "main",
    "Engine": "valkey",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 1,
    "TransitEncryptionEnabled": True,
    "AtRestEncryptionEnabled": True,
}


@pytest.fixture
def kms(cloud):
    return cloud.client("kms")


@pytest.fixture
def key(kms):
    """Return a key that the cache `main` is encrypted with."""
    found = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/caches", TargetKeyId=found["KeyId"])
    return found


@pytest.mark.parametrize(
    ("call", "arguments", "state"),
    [
        ("disable_key", {}, "Disabled"),
        ("schedule_key_deletion", {"PendingWindowInDays": 7}, "PendingDeletion"),
    ],
)
def test_key_that_does_not_encrypt(kms, elasticache, refused, key, call, arguments, state):
    """No cache is made with a disabled key or one pending deletion, however it is named; one that exists stays."""
    elasticache.create_replication_group(ReplicationGroupId="main", **GROUP, KmsKeyId=key["Arn"])
    getattr(kms, call)(KeyId=key["KeyId"], **arguments)
    for named in (key["KeyId"], key["Arn"], "alias/caches"):
        assert refused(elasticache.create_replication_group, ReplicationGroupId="other", **GROUP, KmsKeyId=named) == (
            "InvalidKMSKeyFault",
            f"KMS key {named} is {state}.",
        )
    assert refused(
        elasticache.create_serverless_cache, ServerlessCacheName="burst", Engine="valkey", KmsKeyId=key["KeyId"]
    ) == (
        "InvalidParameterValue",
        f"The KMS key {key['KeyId']} is {state} in us-east-1. It must exist and be enabled.",
    )
    (group,) = elasticache.describe_replication_groups()["ReplicationGroups"]
    assert (group["KmsKeyId"], group["Status"]) == (key["Arn"], "available")


def test_key_that_encrypts_again(kms, elasticache, refused, key):
    """A key whose deletion is cancelled is disabled; enabled again it encrypts."""
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    asked = {"ReplicationGroupId": "main", **GROUP, "KmsKeyId": key["KeyId"]}
    assert refused(elasticache.create_replication_group, **asked) == (
        "InvalidKMSKeyFault",
        f"KMS key {key['KeyId']} is Disabled.",
    )
    kms.enable_key(KeyId=key["KeyId"])
    assert elasticache.create_replication_group(**asked)["ReplicationGroup"]["KmsKeyId"] == key["Arn"]


def test_key_of_another_region(cloud, elasticache, refused):
    """A key is used in its own region only."""
    key = cloud.client("kms", "eu-west-1").create_key()["KeyMetadata"]["Arn"]
    assert refused(elasticache.create_replication_group, ReplicationGroupId="main", **GROUP, KmsKeyId=key) == (
        "InvalidKMSKeyFault",
        f"KMS key {key} is not found.",
    )
