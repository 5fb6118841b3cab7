"""What the pack mends, and what it leaves alone: through the analyzer, at the level `remediate`."""

from __future__ import annotations

import pytest
from google.protobuf import json_format

from cachewright.catalog import resource_types
from cachewright_policies import registry

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

GROUP = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        engine_version="8.1",
        node_type="cache.r7g.large",
        replication_group_id="sessions",
        {more}
    )
"""
TOPIC = "arn:aws:sns:eu-west-1:123456789012:caches"


def mended(engine, request):
    """Return what the pack sets, by property, and the policies that set it."""
    before = json_format.MessageToDict(request.properties)
    response = engine.remediate(request)
    assert [one.diagnostic for one in response.remediations] == [""] * len(response.remediations)
    if not response.remediations:
        return {}, []
    after = json_format.MessageToDict(response.remediations[-1].properties)
    assert before.keys() <= after.keys()
    return (
        {key: value for key, value in after.items() if before.get(key) != value},
        [one.policyName for one in response.remediations],
    )


@pytest.mark.parametrize(
    ("rule", "entry", "more", "expected"),
    [
        (
            "cache-auto-minor-upgrade",
            {},
            "auto_minor_version_upgrade=False,",
            {"autoMinorVersionUpgrade": True},
        ),
        ("cache-maintenance-window", {}, "", {"maintenanceWindow": "sun:03:00-sun:05:00"}),
        (
            "cache-maintenance-window",
            {},
            'maintenance_window="wed:11:00-wed:12:00", snapshot_window="03:00-04:00",',
            {"maintenanceWindow": "sun:05:00-sun:07:00"},
        ),
        ("cache-snapshot-window", {}, "snapshot_retention_limit=7,", {"snapshotWindow": "03:00-04:00"}),
        (
            "cache-snapshot-window",
            {},
            'snapshot_retention_limit=7, maintenance_window="sun:03:00-sun:05:00",',
            {"snapshotWindow": "05:00-06:00"},
        ),
        ("cache-automatic-backups", {}, "snapshot_retention_limit=1,", {"snapshotRetentionLimit": 7.0}),
        ("cache-automatic-backups", {"minimumDays": 14.0}, "", {"snapshotRetentionLimit": 14.0}),
        ("cache-final-snapshot", {}, "", {"finalSnapshotIdentifier": "sessions-final"}),
        ("cache-apply-immediately", {}, "apply_immediately=True,", {"applyImmediately": False}),
        (
            "cache-tags",
            {"requiredKeys": ["owner", "team"], "values": {"owner": "nobody", "team": "shop"}},
            'tags={"owner": "me"},',
            {"tags": {"owner": "me", "team": "shop"}},
        ),
        ("cache-notification-topic", {"topicArn": TOPIC}, "", {"notificationTopicArn": TOPIC}),
        (
            "cache-log-delivery",
            {"logTypes": ["slow-log"], "logGroup": "caches"},
            "apply_immediately=True,",
            {
                "logDeliveryConfigurations": [
                    {
                        "destination": "caches",
                        "destinationType": "cloudwatch-logs",
                        "logFormat": "json",
                        "logType": "slow-log",
                    }
                ]
            },
        ),
    ],
)
def test_a_violation_is_mended_and_is_none_afterwards(rule, entry, more, expected, previewed, engine):
    """Exactly the properties that mend it are set, and the mended resource passes the rule."""
    program = previewed(GROUP.format(more=more))
    engine.configure({"all": "disabled", rule: {"enforcementLevel": "remediate", **entry}})
    request = program.request("sessions")
    assert [one.policyName for one in engine.stub.Analyze(request).diagnostics] == [rule]
    found, by = mended(engine, request)
    if "tags" in found:
        found = {"tags": found["tags"]}
    assert found == expected
    assert by == [rule]
    request.properties.update(found)
    assert list(engine.stub.Analyze(request).diagnostics) == []


def test_secrets_stay_secret_and_unknown_values_unknown(previewed, engine):
    """The mended properties go back to the state: a secret that comes back in clear text would stand there so."""
    program = previewed(
        GROUP.format(
            more="""auto_minor_version_upgrade=False,
        transit_encryption_enabled=True,
        auth_token=pulumi.Output.secret("kT7-wq2Zr9!mP4xL8vB1"),
        tags={
            "owner": pulumi.Output.secret("hidden-owner"),
            "network": aws.ec2.Vpc("main", cidr_block="10.0.0.0/16").id,
        },
        kms_key_id=aws.kms.Key("caches").arn,"""
        )
    )
    engine.configure(
        {
            "all": "disabled",
            "cache-auto-minor-upgrade": "remediate",
            "cache-tags": {"enforcementLevel": "remediate", "requiredKeys": ["team"], "values": {"team": "shop"}},
        }
    )
    response = engine.remediate(program.request("sessions"))
    after = json_format.MessageToDict(response.remediations[-1].properties)
    assert [one.policyName for one in response.remediations] == ["cache-auto-minor-upgrade", "cache-tags"]
    assert after["authToken"] == {SIGNATURE: SECRET, "value": "kT7-wq2Zr9!mP4xL8vB1"}
    assert after["tags"] == {
        "owner": {SIGNATURE: SECRET, "value": "hidden-owner"},
        "network": UNKNOWN,
        "team": "shop",
    }
    assert after["kmsKeyId"] == UNKNOWN
    assert after["autoMinorVersionUpgrade"] is True


def test_a_property_that_is_secret_as_a_whole_is_secret_after_it_is_mended(previewed, engine):
    """Tags that are one secret get another tag, and are one secret still."""
    program = previewed(GROUP.format(more='tags=pulumi.Output.secret({"owner": "hidden-owner"}),'))
    engine.configure(
        {
            "all": "disabled",
            "cache-tags": {"enforcementLevel": "remediate", "requiredKeys": ["team"], "values": {"team": "shop"}},
        }
    )
    found, _ = mended(engine, program.request("sessions"))
    assert found["tags"] == {SIGNATURE: SECRET, "value": {"owner": "hidden-owner", "team": "shop"}}


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("cache-maintenance-window", "snapshot_window={unknown},"),
        ("cache-maintenance-window", "maintenance_window={unknown},"),
        ("cache-snapshot-window", "snapshot_retention_limit=7, maintenance_window={unknown},"),
        ("cache-tags", "tags=aws.ec2.Vpc('main', cidr_block='10.0.0.0/16').tags_all,"),
    ],
)
def test_what_is_not_known_is_not_touched(rule, more, previewed, engine):
    """Where a remediation would have to know an unknown value, it leaves the resource as it is."""
    program = previewed(GROUP.format(more=more.format(unknown="aws.ec2.Vpc('main', cidr_block='10.0.0.0/16').id")))
    engine.configure({"all": "disabled", rule: "remediate"})
    assert mended(engine, program.request("sessions")) == ({}, [])


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("cache-log-delivery", ""),
        ("cache-notification-topic", ""),
        ("cache-tags", ""),
        ("cache-auto-minor-upgrade", ""),
    ],
)
def test_nothing_is_mended_without_a_violation_or_without_what_it_takes(rule, more, previewed, engine):
    """A destination that nobody configured is not made up, and what passes is left alone."""
    program = previewed(GROUP.format(more=more))
    engine.configure({"all": "disabled", rule: "remediate"})
    assert mended(engine, program.request("sessions")) == ({}, [])


def test_only_what_is_configured_to_is_mended(previewed, engine):
    """At the levels of the environment nothing is mended: `remediate` is asked for."""
    program = previewed(GROUP.format(more="auto_minor_version_upgrade=False,"))
    assert mended(engine, program.request("sessions")) == ({}, [])


def test_the_windows_of_one_cache_are_mended_together_and_apart(previewed, engine):
    """Several remediations of one resource build on each other."""
    program = previewed(GROUP.format(more=""))
    wanted = ["cache-automatic-backups", "cache-snapshot-window", "cache-maintenance-window"]
    engine.configure({"all": "disabled", **dict.fromkeys(wanted, "remediate")})
    found, by = mended(engine, program.request("sessions"))
    assert by == wanted
    assert found == {
        "snapshotRetentionLimit": 7.0,
        "snapshotWindow": "03:00-04:00",
        "maintenanceWindow": "sun:05:00-sun:07:00",
    }


def test_every_remediation_sets_only_what_replaces_nothing_and_interrupts_nobody():
    """By the catalog, setting the arguments of a rule that mends has no effect on a running cache."""
    mending = [rule for rule in registry.rules() if rule.remediate is not None]
    assert [rule.name for rule in mending if effects(rule)] == []
    assert len(mending) == 9
    assert [rule.name for rule in mending if rule.needs_graph] == []


def effects(rule):
    """Return what setting a rule's arguments does to its types, other than nothing."""
    tables = [resource_types.find(type) for type in rule.types]
    set_there = [table.properties[name] for table in tables for name in rule.arguments if name in table.properties]
    assert set_there
    return {(one.name, one.effect, one.replaces) for one in set_there if (one.effect, one.replaces) != ("none", "no")}
