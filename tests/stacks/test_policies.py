"""The environments, and the components at their defaults, held against every rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

import cachewright
from cachewright import testing
from cachewright_policies.finding import Status
from cachewright_policies.levels import Level

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
TAGS = {"owner": "shop"}


@pytest.mark.parametrize(
    ("stack", "advice"), [("dev", set()), ("staging", set()), ("prod", {"cache-apply-immediately"})]
)
def test_an_environment_passes_at_its_level(stack, advice):
    """Nothing mandatory and nothing undecided; production changes at once, as the handbook has it."""
    findings = testing.run(ROOT, stack=stack).findings(day=TODAY)

    assert [one for one in findings if one.level is Level.MANDATORY or one.status is Status.UNKNOWN] == []
    assert {one.policy for one in findings} == advice


def program(*, answered: bool) -> None:
    """Every cache component with what it requires, in private networks; with a topic and limits if answered."""
    place = {**network("eu-west-1", 0, answered=answered), "tags": TAGS}
    node = {"engine_version": "8.1", "node_type": "cache.r7g.large", **place}
    primaries = [
        cachewright.ReplicationGroup("group", node),
        cachewright.ShardedReplicationGroup("shards", {**node, "num_node_groups": 2}),
    ]
    cachewright.MemcachedCluster("pages", {**node, "engine_version": "1.6.22"})
    limits = {"data_storage_maximum_gb": 10, "ecpu_per_second_maximum": 5000} if answered else {}
    for engine in ("valkey", "redis", "memcached"):
        cachewright.ServerlessCache(f"carts-{engine}", {"engine": engine, **limits, **place})
    for index, primary in enumerate(primaries):
        away = {"region": "eu-central-1", **network("eu-central-1", 1 + index, answered=answered)}
        shards = {"num_node_groups": 2} if index else None
        cachewright.GlobalDatastore.of(f"world-{index}", primary, [away], settings=shards, tags=TAGS)


def network(region: str, number: int, *, answered: bool) -> dict[str, Any]:
    """Return where a cache is, and whom its alarms tell."""
    vpc = aws.ec2.Vpc(f"vpc-{number}", cidr_block=f"10.{number}.0.0/16", region=region)
    subnets = [
        aws.ec2.Subnet(
            f"{number}{letter}",
            vpc_id=vpc.id,
            cidr_block=f"10.{number}.{index}.0/24",
            availability_zone=f"{region}{letter}",
            region=region,
        ).id
        for index, letter in enumerate("ab")
    ]
    topic = {"alarm_topic_arn": f"arn:aws:sns:{region}:123456789012:on-call"} if answered else {}
    return {"vpc_id": vpc.id, "subnet_ids": subnets, **topic}


def mandatory(*, answered: bool) -> set[tuple[str, str]]:
    """Return the rules that would stop an update of production, and what they find."""
    run = testing.run(lambda: program(answered=answered), config={"aws:region": "eu-west-1"}, stack="prod")
    return {(one.policy, one.name) for one in run.findings(day=TODAY) if one.level is Level.MANDATORY}


def test_components_at_their_defaults_leave_open_only_what_a_person_must_answer():
    """Whom to tell has no default: a topic that nobody reads deceives. Nor has how much a serverless cache may cost."""
    serverless = {f"carts-{engine}-prod" for engine in ("valkey", "redis", "memcached")}

    assert mandatory(answered=False) == {
        *(("cache-essential-alarms", name) for name in {"group-prod", "shards-prod", "pages-prod", *serverless}),
        *(("serverless-usage-limits", name) for name in serverless),
    }


def test_components_with_these_answers_pass_every_mandatory_rule():
    """Everything else is right at its default."""
    assert mandatory(answered=True) == set()
