"""The environments, and the components at their defaults, held against every rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pulumi_aws as aws
import pytest

import cachewright
from cachewright import testing
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stack", "advice"), [("dev", set()), ("staging", set()), ("prod", {"cache-apply-immediately"})]
)
def test_an_environment_passes_at_its_level(stack, advice):
    """Nothing mandatory and nothing undecided; production changes at once, as the handbook has it."""
    findings = testing.run(ROOT, stack=stack).findings(day=TODAY)

    assert [one for one in findings if one.level is Level.MANDATORY or one.status is Status.UNKNOWN] == []
    assert {one.policy for one in findings} == advice


def program(*, answered: bool) -> None:
    """Every cache component with what it requires, in a private network; with a topic, logs and users if answered."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24", availability_zone=zone).id
        for index, zone in enumerate(("eu-west-1a", "eu-west-1b"))
    ]
    place = {"vpc_id": vpc.id, "subnet_ids": subnets, "tags": {"owner": "shop"}}
    logs = {"log_types": ["slow-log", "engine-log"]} if answered else {}
    durable = {"engine": "valkey", "engine_version": "8.1", "node_type": "cache.r7g.large", **place, **logs}
    users = cachewright.UserGroup("users", {"engine": "valkey", "users": [{"user_name": "app", "access": "reader"}]})
    serverless = {"user_group_id": users.user_group_id} if answered else {}
    maxima = {"data_storage_maximum_gb": 10, "ecpu_per_second_maximum": 5000}
    primary = cachewright.ReplicationGroup("group", durable)
    caches = [
        primary,
        cachewright.ShardedReplicationGroup("shards", {**durable, "num_node_groups": 2}),
        cachewright.MemcachedCluster(
            "pages", {"engine_version": "1.6.22", "node_type": "cache.r7g.large", "num_cache_nodes": 2, **place}
        ),
        cachewright.ServerlessCache("carts", {"engine": "valkey", **maxima, **place, **serverless}),
    ]
    if answered:
        for cache in caches:
            cache.alarm_on("arn:aws:sns:eu-west-1:123456789012:on-call")


def mandatory(*, answered: bool) -> set[str]:
    """Return the rules that would stop an update of production."""
    run = testing.run(lambda: program(answered=answered), config={"aws:region": "eu-west-1"}, stack="prod")
    return {
        one.policy for one in run.findings(day=TODAY) if one.level is Level.MANDATORY and one.status is Status.VIOLATION
    }


def test_components_leave_open_only_what_a_person_must_answer():
    """Whom to tell, whether to keep logs, and who the users of a serverless cache are have no default."""
    assert mandatory(answered=False) == {"cache-essential-alarms", "cache-log-delivery", "cache-authentication"}


def test_components_with_these_answers_pass_every_mandatory_rule():
    """Everything else is right at its default."""
    assert mandatory(answered=True) == set()
