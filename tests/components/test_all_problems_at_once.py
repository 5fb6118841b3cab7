"""A component's name, its children's arguments and its own are told together, before anything is registered."""

from typing import Any

import pytest

import cachewright

NETWORK: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
SECONDARY: dict[str, Any] = {"region": "us-west-2", **NETWORK}


@pytest.mark.parametrize(
    ("component", "name", "arguments", "lines"),
    [
        (
            "MemcachedCluster",
            "my_pages",
            {"node_type": "cache.r7g.large", "vpc_id": "vpc-1", "subnet_ids": ["net-1"], "port": 0},
            [
                "'name' must be 1-50 lower-case letters, digits and single hyphens, starting with a letter and not"
                " ending with a hyphen, got 'my_pages-test'; choose another name",
                "'port' must be 1 to 65535, got 0; leave it out for the engine's own port",
                "'subnet_ids[0]' must be a subnet's id, got 'net-1'; write it like 'subnet-0123'",
            ],
        ),
        (
            "MemcachedCluster",
            "p" * 50,
            {"node_type": "cache.r7g.large", **NETWORK, "region": "us_east_1"},
            [
                "'name' must be 37 characters or fewer with the stack 'test', got 50; choose a shorter name",
                "'region' must be a region, got 'us_east_1'; did you mean 'us-east-1'?",
            ],
        ),
        (
            "ServerlessCache",
            "my_sessions",
            {"vpc_id": "vpc-1", "subnet_ids": ["net-1", "subnet-1", "subnet-1"], "snapshot_retention_limit": 36},
            [
                "'name' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a"
                " hyphen, got 'my_sessions-test'; choose another name",
                "'subnet_ids[0]' must be a subnet's id, got 'net-1'; write it like 'subnet-0123'",
                "'subnet_ids[2]' must be named once, got 'subnet-1' twice; remove one",
                "'snapshot_retention_limit' must be 0 to 35, got 36; use 7 in production",
            ],
        ),
        (
            "UserGroup",
            "my_users",
            {"users": []},
            [
                "'name' must be letters, digits and single hyphens, starting with a letter, got 'my_users'; choose"
                " another name",
                "'users' must be 1 to 99 users, got 0; make another group for more",
            ],
        ),
        (
            "GlobalDatastore",
            "orders-of-every-customer",
            {
                "primary_replication_group_id": "orders",
                "primary_region": "ap-southeast-6",
                "secondaries": [
                    {**SECONDARY, "subnet_ids": ["net-1"], "security_group_ids": ["group-1"], "description": "x" * 256}
                ],
            },
            [
                "'name' must be 27 characters or fewer with the stack 'test', got 34; choose a shorter name",
                "'primary_region' must be a region with global datastores, got 'ap-southeast-6'; choose another region"
                " such as 'ap-south-1'",
                "'secondaries[0].security_group_ids[0]' must be a security group's id, got 'group-1'; write it like"
                " 'sg-0123'",
                "'secondaries[0].subnet_ids[0]' must be a subnet's id, got 'net-1'; write it like 'subnet-0123'",
                "'secondaries[0].description' must be 1-255 characters, got"
                f" '{'x' * 60}'... of 256 characters; shorten it, or leave it out",
            ],
        ),
        (
            "GlobalDatastore",
            "my_orders",
            {"primary_replication_group_id": "orders", "secondaries": "us-west-2"},
            [
                "'name' must be 1-34 letters, digits and single hyphens, starting with a letter and not ending with a"
                " hyphen, got 'my_orders-test'; choose another name",
                "'secondaries' must be a list, got 'us-west-2' (str); give a list",
            ],
        ),
    ],
)
@pytest.mark.usefixtures("nothing")
def test_every_problem_of_a_construction_is_told_at_once(
    component: str, name: str, arguments: dict[str, Any], lines: list[str]
) -> None:
    """One error holds them all, and nothing is registered."""
    with pytest.raises(cachewright.ArgsError) as caught:
        getattr(cachewright, component)(name, arguments)

    assert str(caught.value).splitlines() == [f"{component} '{name}': {line}" for line in lines]


def test_a_memcached_name_may_be_upper_case_as_the_provider_lowers_it(record: Any) -> None:
    """Only the id that is given must be lower-case."""
    arguments: Any = {**NETWORK, "node_type": "cache.r7g.large"}

    recorder, _ = record(lambda: cachewright.MemcachedCluster("Pages", arguments).endpoint)

    assert ("Cluster", "Pages-test") in recorder.resources


@pytest.mark.parametrize("region", ["eu-north-1", "us-gov-east-1"])
def test_a_primary_may_be_in_a_region_whose_id_prefix_is_not_documented(record: Any, region: str) -> None:
    """Whether a region has global datastores is its own fact: the prefix is AWS's to choose."""
    arguments: Any = {
        "primary_replication_group_id": "orders",
        "primary_region": region,
        "secondaries": [SECONDARY],
    }

    recorder, _ = record(lambda: cachewright.GlobalDatastore("orders", arguments).endpoints)

    assert recorder.resources["GlobalReplicationGroup", "orders"]["region"] == region


BAD = (
    "'name' must be 1-255 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, "
    "got 'my_cache-test'; choose another name"
)
BAD_GROUP = (
    "'name' must be 1-255 letters, digits and single hyphens, starting with a letter and not ending with a hyphen,"
    " got 'my_cache-test'; choose another name"
)


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize(
    ("component", "arguments", "line"),
    [
        ("ReplicationGroup", {"node_type": "cache.r7g.large", "replication_group_id": "main", **NETWORK}, BAD),
        (
            "ShardedReplicationGroup",
            {"node_type": "cache.r7g.large", "replication_group_id": "main", "num_node_groups": 1, **NETWORK},
            BAD,
        ),
        ("MemcachedCluster", {"node_type": "cache.r7g.large", "cluster_id": "main", **NETWORK}, BAD),
        (
            "ReplicationGroup",
            {
                "node_type": "cache.r7g.large",
                "replication_group_id": "main",
                "vpc_id": "vpc-1",
                "existing_subnet_group_name": "private",
            },
            BAD_GROUP,
        ),
        (
            "ReplicationGroup",
            {
                "node_type": "cache.r7g.large",
                "replication_group_id": "main",
                "vpc_id": "vpc-1",
                "existing_subnet_group_name": "private",
                "existing_parameter_group_name": "mine",
            },
            BAD_GROUP.replace("1-255", "1-40"),
        ),
        (
            "GlobalDatastore",
            {
                "primary_replication_group_id": "orders",
                "global_replication_group_id_suffix": "orders",
                "secondaries": [{**SECONDARY, "replication_group_id": "orders-west"}],
            },
            BAD.replace("my_cache-test", "my_cache-us-west-2-test"),
        ),
    ],
)
def test_a_name_that_only_a_child_cannot_have_is_refused_before_its_parent_is_there(
    component: str, arguments: dict[str, Any], line: str
) -> None:
    """Where the component's own id is fixed, what is made of its name is still checked first."""
    with pytest.raises(cachewright.ArgsError) as caught:
        getattr(cachewright, component)("my_cache", arguments)

    assert str(caught.value) == f"{component} 'my_cache': {line}"


def test_a_name_that_nothing_is_made_of_may_be_any(record: Any) -> None:
    """Everything is fixed or exists."""
    arguments: Any = {
        "node_type": "cache.r7g.large",
        "replication_group_id": "main",
        "security_group_ids": ["sg-1"],
        "existing_subnet_group_name": "private",
        "existing_parameter_group_name": "mine",
        "final_snapshot_identifier": "last",
        "user_group_ids": ["apps"],
    }

    recorder, _ = record(lambda: cachewright.ReplicationGroup("my_cache", arguments).endpoint)

    assert recorder.resources["ReplicationGroup", "my_cache-test"]["replicationGroupId"] == "main"


def test_a_long_name_is_cut_where_the_id_is_fixed(record: Any) -> None:
    """The final snapshot's name is cut to fit, and nothing else is short."""
    arguments: Any = {"node_type": "cache.r7g.large", "replication_group_id": "main", **NETWORK}

    recorder, _ = record(lambda: cachewright.ReplicationGroup("m" * 60, arguments).endpoint)

    group = recorder.resources["ReplicationGroup", f"{'m' * 60}-test"]
    assert group["finalSnapshotIdentifier"] == f"{'m' * 27}-final-abcdef"
