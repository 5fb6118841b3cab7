"""Encryption at rest, on the way, and by whose key."""

from __future__ import annotations

import json

import pytest

from cachewright_policies.encryption import (
    at_rest_encryption,
    customer_key,
    kms_key,
    log_group_encryption,
    secret_protection,
    topic_encryption,
    transit_encryption,
    transit_mode_required,
)
from cachewright_policies.rule import Environment
from cachewright_policies.tokens import (
    CLUSTER,
    GLOBAL_REPLICATION_GROUP,
    KMS_ALIAS,
    KMS_KEY,
    KMS_KEY_POLICY,
    LOG_GROUP,
    METRIC_ALARM,
    REPLICATION_GROUP,
    SECRET,
    SECRET_POLICY,
    SERVERLESS_CACHE,
    TOPIC,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
)
from cachewright_policies.values import UNKNOWN, Secret

OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def group(references=None, **values):
    """A replication group called `g`."""
    return (REPLICATION_GROUP, "g", {"engine": "redis", **values}, references or {})


def policy(**changes):
    """A policy document with one statement for everybody, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{**OPEN, **changes}]})


AT_REST = {
    "redis is off by default": (group(), ["g.atRestEncryptionEnabled"]),
    "valkey is on by default": (group(engine="valkey"), []),
    "valkey switched off": (group(engine="valkey", atRestEncryptionEnabled=False), ["g.atRestEncryptionEnabled"]),
    "on": (group(atRestEncryptionEnabled=True), []),
    "on, as text": (group(atRestEncryptionEnabled="true"), []),
    "off, as text": (group(atRestEncryptionEnabled="false"), ["g.atRestEncryptionEnabled"]),
    "on, whatever the engine": (group(atRestEncryptionEnabled=True, engine=UNKNOWN), []),
    "not known": (group(atRestEncryptionEnabled=UNKNOWN), ["g.atRestEncryptionEnabled?"]),
    "not set, of an engine that is not known": (group(engine=UNKNOWN), ["g.engine?"]),
    "secret": (group(atRestEncryptionEnabled=Secret(False)), ["g.atRestEncryptionEnabled"]),
    "a secondary inherits it": (group(globalReplicationGroupId="ldgnf-a"), []),
    "a secondary of a datastore that is made with it": (group(globalReplicationGroupId=UNKNOWN), []),
}
TRANSIT = {
    "absent": (group(), ["g.transitEncryptionEnabled"]),
    "absent of valkey": (group(engine="valkey"), ["g.transitEncryptionEnabled"]),
    "on": (group(transitEncryptionEnabled=True), []),
    "on, as text": (group(transitEncryptionEnabled="true"), []),
    "not known": (group(transitEncryptionEnabled=UNKNOWN), ["g.transitEncryptionEnabled?"]),
    "a secondary": (group(globalReplicationGroupId="ldgnf-a"), []),
    "a member": ((CLUSTER, "m", {"replicationGroupId": "g"}), []),
    "memcached": ((CLUSTER, "m", {"engine": "memcached"}), ["m.transitEncryptionEnabled"]),
    "memcached with it": ((CLUSTER, "m", {"engine": "memcached", "transitEncryptionEnabled": True}), []),
    "memcached that is too old": (
        (CLUSTER, "m", {"engine": "memcached", "engineVersion": "1.6.6", "transitEncryptionEnabled": True}),
        ["m.engineVersion"],
    ),
    "a single redis cluster": ((CLUSTER, "c", {"engine": "redis"}), ["c.engine"]),
}
MODE = {
    "preferred": (group(transitEncryptionMode="preferred"), ["g.transitEncryptionMode"]),
    "required": (group(transitEncryptionMode="required"), []),
    "absent": (group(), []),
    "not known": (group(transitEncryptionMode=UNKNOWN), ["g.transitEncryptionMode?"]),
    "a secondary": (group(globalReplicationGroupId="a", transitEncryptionMode="preferred"), []),
}


@pytest.mark.parametrize(
    ("rule", "spec", "expected"),
    [
        pytest.param(module.RULE, *case, id=f"{module.RULE.name}: {name}")
        for module, cases in (
            (at_rest_encryption, AT_REST),
            (transit_encryption, TRANSIT),
            (transit_mode_required, MODE),
        )
        for name, case in cases.items()
    ],
)
def test_one_cache_by_itself(rule, spec, expected, verdicts):
    """Defaults differ by engine; a secondary and a member have what their primary and their group have."""
    assert verdicts(rule, spec) == expected


class TestKeys:
    """A key is judged where something around caches is encrypted with it."""

    def key(self, verdicts, *others, settings=None, **values):
        """Judge a key that a cache uses."""
        user = group({"kmsKeyId": ["k"]})
        return verdicts(kms_key.RULE, (KMS_KEY, "k", values), user, *others, settings=settings)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"enableKeyRotation": True}, []),
            ({"enableKeyRotation": "true"}, []),
            ({}, ["k.enableKeyRotation"]),
            ({"enableKeyRotation": UNKNOWN}, ["k.enableKeyRotation?"]),
            ({"customerMasterKeySpec": "RSA_2048"}, []),
            ({"enableKeyRotation": True, "isEnabled": False}, ["k.isEnabled"]),
            ({"enableKeyRotation": True, "deletionWindowInDays": 7}, ["k.deletionWindowInDays"]),
            ({"enableKeyRotation": True, "deletionWindowInDays": 14}, []),
            ({"enableKeyRotation": True, "policy": policy()}, ["k.policy"]),
            ({"enableKeyRotation": True, "policy": Secret(policy(Principal={"AWS": ["*"]}))}, ["k.policy"]),
            ({"enableKeyRotation": True, "policy": policy(Principal={"AWS": "arn:aws:iam::1:root"})}, []),
            ({"enableKeyRotation": True, "policy": policy(Effect="Deny")}, []),
            (
                {
                    "enableKeyRotation": True,
                    "policy": policy(Condition={"StringEquals": {"kms:CallerAccount": "123456789012"}}),
                },
                [],
            ),
            (
                {
                    "enableKeyRotation": True,
                    "policy": policy(Condition={"StringNotEquals": {"kms:CallerAccount": "123456789012"}}),
                },
                ["k.policy"],
            ),
            ({"enableKeyRotation": True, "policy": UNKNOWN}, ["k.policy?"]),
        ],
    )
    def test_rotation_deletion_and_policy(self, verdicts, values, expected):
        """Symmetric keys rotate; a wildcard is one unless a condition says who is meant."""
        assert self.key(verdicts, **values) == expected

    def test_the_days_of_a_deletion_are_a_setting(self, verdicts):
        """Thirty days, where they are asked for."""
        values = {"enableKeyRotation": True, "deletionWindowInDays": 14}
        assert self.key(verdicts, settings={"minimumDeletionDays": 30}, **values) == ["k.deletionWindowInDays"]

    def test_a_policy_of_its_own_is_read_too(self, verdicts):
        """KeyPolicy is a resource beside the key."""
        beside = (KMS_KEY_POLICY, "p", {"policy": policy()}, {"keyId": ["k"]})
        assert self.key(verdicts, beside, enableKeyRotation=True) == ["p.policy"]

    def test_a_key_is_found_behind_an_alias(self, verdicts):
        """A serverless cache that names an alias uses its key."""
        alias = (KMS_ALIAS, "a", {}, {"targetKeyId": ["k"]})
        cache = (SERVERLESS_CACHE, "s", {"engine": "valkey"}, {"kmsKeyId": ["a"]})
        assert verdicts(kms_key.RULE, (KMS_KEY, "k", {}), alias, cache) == ["k.enableKeyRotation"]

    def test_a_key_of_something_else_is_nobodys_business(self, verdicts):
        """A key that nothing around caches uses is left alone."""
        assert verdicts(kms_key.RULE, (KMS_KEY, "k", {})) == []


class TestCustomerKeys:
    """A stack that has such a key uses it for everything around its caches."""

    KEYED = (SECRET, "s", {"kmsKeyId": "arn:aws:kms:eu-west-1:1:key/a"})

    def test_a_cache_without_one_beside_something_that_has_one(self, verdicts):
        """Half of the data under AWS's key is a slip."""
        assert verdicts(customer_key.RULE, group(), self.KEYED) == ["g.kmsKeyId"]
        assert verdicts(customer_key.RULE, group()) == []
        assert verdicts(customer_key.RULE, group(), settings={"required": True}) == ["g.kmsKeyId"]
        assert verdicts(customer_key.RULE, group(kmsKeyId=UNKNOWN), self.KEYED) == []

    def test_keys_can_be_limited_to_approved_ones(self, verdicts):
        """A key that is not known yet is not approved yet."""
        approved = {"approvedKeys": ["arn:good"]}
        assert verdicts(customer_key.RULE, group(kmsKeyId="arn:good"), settings=approved) == []
        assert verdicts(customer_key.RULE, group(kmsKeyId="arn:bad"), settings=approved) == ["g.kmsKeyId"]
        assert verdicts(customer_key.RULE, group(kmsKeyId=UNKNOWN), settings=approved) == ["g.kmsKeyId?"]

    @pytest.mark.parametrize(
        ("primary", "region", "expected"),
        [
            ({"kmsKeyId": "arn:a"}, "eu-central-1", ["far.kmsKeyId"]),
            ({"kmsKeyId": "arn:a"}, "eu-west-1", []),
            ({}, "eu-central-1", []),
        ],
        ids=["a key in its region that it does not use", "no key in its region", "a primary without one"],
    )
    def test_a_secondary_has_a_key_of_its_region_or_none(self, verdicts, primary, region, expected):
        """No key works in two regions, so what the primary has is inherited only where one was made for it."""
        near = (REPLICATION_GROUP, "near", primary, {}, {"region": "eu-west-1"})
        store = (GLOBAL_REPLICATION_GROUP, "store", {}, {"primaryReplicationGroupId": ["near"]})
        far = (REPLICATION_GROUP, "far", {}, {"globalReplicationGroupId": ["store"]}, {"region": "eu-central-1"})
        key = (KMS_KEY, "k", {}, {}, {"region": region})
        found = [one for one in verdicts(customer_key.RULE, near, store, far, key) if one.startswith("far")]
        assert found == expected
        used = (*far[:2], {"kmsKeyId": "arn:b"}, *far[3:])
        assert not any(one.startswith("far") for one in verdicts(customer_key.RULE, near, store, used, key))

    def test_logs_of_caches_have_one_where_caches_have(self, verdicts):
        """By the log group's edge, or by its name."""
        log = (LOG_GROUP, "l", {"name": "slow"})
        by_edge = group({"logDeliveryConfigurations": ["l"]}, kmsKeyId="arn:a")
        by_name = group(logDeliveryConfigurations=[{"destination": "slow"}], kmsKeyId="arn:a")
        for cache in (by_edge, by_name):
            assert verdicts(log_group_encryption.RULE, log, cache) == ["l.kmsKeyId"]
        assert verdicts(log_group_encryption.RULE, (LOG_GROUP, "l", {"kmsKeyId": "arn:a"}), by_edge) == []
        assert verdicts(log_group_encryption.RULE, log, group({"logDeliveryConfigurations": ["l"]})) == []
        assert verdicts(log_group_encryption.RULE, log, group(kmsKeyId="arn:a")) == []


class TestTopicsAndSecrets:
    """What carries news and passwords of caches."""

    @pytest.mark.parametrize(
        "user",
        [group({"notificationTopicArn": ["t"]}), (METRIC_ALARM, "a", {}, {"alarmActions": ["t"]})],
        ids=["events", "alarms"],
    )
    def test_a_topic_of_caches_is_encrypted_and_closed(self, verdicts, user):
        """Its own policy, and one beside it."""
        rule = topic_encryption.RULE
        closed = {"kmsMasterKeyId": "alias/caches"}
        beside = (TOPIC_POLICY, "p", {"policy": policy()}, {"arn": ["t"]})
        assert verdicts(rule, (TOPIC, "t", {}), user) == ["t.kmsMasterKeyId"]
        assert verdicts(rule, (TOPIC, "t", closed), user) == []
        assert verdicts(rule, (TOPIC, "t", {**closed, "policy": policy()}), user) == ["t.policy"]
        assert verdicts(rule, (TOPIC, "t", {**closed, "policy": UNKNOWN}), user) == ["t.policy?"]
        assert verdicts(rule, (TOPIC, "t", closed), user, beside) == ["p.policy"]

    @pytest.mark.parametrize(
        ("protocol", "expected"), [("http", ["s.protocol"]), ("https", []), (UNKNOWN, ["t.protocol?"])]
    )
    def test_a_subscriber_gets_nothing_in_clear_text(self, verdicts, protocol, expected):
        """Plain HTTP carries the messages past everybody on the way."""
        topic = (TOPIC, "t", {"kmsMasterKeyId": "alias/caches"})
        subscription = (TOPIC_SUBSCRIPTION, "s", {"protocol": protocol}, {"topic": ["t"]})
        told = group({"notificationTopicArn": ["t"]})
        assert verdicts(topic_encryption.RULE, topic, subscription, told) == expected

    def test_a_topic_of_something_else_is_left_alone(self, verdicts):
        """Only topics that caches and alarms tell are looked at."""
        assert verdicts(topic_encryption.RULE, (TOPIC, "t", {})) == []

    def test_a_secret_is_for_those_who_are_named(self, verdicts):
        """Its own policy, one beside it, and what a deletion leaves."""
        rule = secret_protection.RULE
        beside = (SECRET_POLICY, "p", {"policy": policy()}, {"secretArn": ["s"]})
        user = group(authToken=UNKNOWN)
        assert verdicts(rule, (SECRET, "s", {}), user) == []
        assert verdicts(rule, (SECRET, "s", {"policy": policy()}), user) == ["s.policy"]
        assert verdicts(rule, (SECRET, "s", {}), user, beside) == ["p.policy"]
        assert verdicts(rule, (SECRET, "s", {"recoveryWindowInDays": 0}), user) == ["s.recoveryWindowInDays"]
        staging = verdicts(rule, (SECRET, "s", {"recoveryWindowInDays": 0}), user, environment=Environment.STAGING)
        assert staging == []
