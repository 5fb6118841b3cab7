"""A serverless cache with a user of its own becomes a Valkey cache, through the real command and the real API."""

import json
from typing import Any

PROGRAM = '''\
"""A serverless cache that is given no users."""

import pulumi
from pulumi_aws import ec2

import cachewright

network = ec2.Vpc("network", cidr_block="10.0.0.0/16")
subnets = [
    ec2.Subnet(
        f"private-{letter}",
        availability_zone=f"us-east-1{letter}",
        cidr_block=f"10.0.{number}.0/24",
        vpc_id=network.id,
    )
    for number, letter in enumerate("ab")
]
place = {"vpc_id": network.id, "subnet_ids": [subnet.id for subnet in subnets]}
carts = cachewright.ServerlessCache("carts-of-every-shop-there", {**place, **SETTINGS})
pulumi.export("secret_arn", carts.secret_arn)
pulumi.export("url_template", carts.url_template)
'''


NAME = "carts-of-every-shop-there"


def changes(workplace: Any, **settings: object) -> set[str]:
    """Bring the cache up with other settings, and return what was changed in place."""
    workplace.write_program(PROGRAM.replace("SETTINGS", repr(settings)))
    return set(workplace.changes("up", "--stack", "dev", "--yes"))


def test_a_cache_keeps_its_user_when_its_engine_changes_in_place(workplace: Any) -> None:
    """One change, of the cache alone; the secret stays. Without users their group goes, and the cache stays."""
    assert changes(workplace, engine="redis") == set()
    found = json.loads(workplace.ok("outputs", "--stack", "dev", "--json"))
    cache = workplace.client("elasticache")
    before = cache.describe_serverless_caches()["ServerlessCaches"][0]
    kept = workplace.client("secretsmanager").get_secret_value(SecretId=found["secret_arn"])["SecretString"]
    users = {one["UserName"]: one for one in cache.describe_users()["Users"] if one["UserId"] != "default"}
    assert sorted(users) == ["app", "default"]
    assert cache.describe_user_groups()["UserGroups"][0]["ServerlessCaches"] == [before["ServerlessCacheName"]]
    assert json.loads(kept)["username"] == "app"
    assert found["url_template"] == f"rediss://app:{{token}}@{before['Endpoint']['Address']}:6379"
    assert workplace.changes("up", "--stack", "dev", "--yes") == {}

    assert changes(workplace, engine="valkey", major_engine_version="8") == {f"{NAME}-dev"}
    after = cache.describe_serverless_caches()["ServerlessCaches"][0]
    assert (after["ARN"], after["Engine"], after["UserGroupId"]) == (before["ARN"], "valkey", before["UserGroupId"])
    assert workplace.changes("up", "--stack", "dev", "--yes") == {}

    assert changes(workplace, engine="valkey", user_group_enabled=False) == {f"{NAME}-dev"}
    open_to_all = cache.describe_serverless_caches()["ServerlessCaches"][0]
    assert (open_to_all["ARN"], open_to_all.get("UserGroupId")) == (before["ARN"], None)
    assert cache.describe_user_groups()["UserGroups"] == []
    workplace.ok("destroy", "--stack", "dev", "--yes")
    assert workplace.names_at_the_api()["us-east-1"] == []
