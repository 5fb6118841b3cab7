# ruff: noqa: E501 - messages stand as they are printed
"""More bad inputs, each with its exact message: names, regions, zones, write-only tokens, shards, autoscaling."""

from typing import Any

import pytest

import cachewright

CACHE: dict[str, Any] = {"node_type": "cache.r7g.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
SHARDED: dict[str, Any] = {**CACHE, "num_node_groups": 2}

# component, its name, arguments, every line of the message
REFUSED: list[tuple[str, str, dict[str, Any], list[str]]] = [
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "subnet_ids": ["subnet-1"]},
        [
            "'subnet_ids' must be 2 or more with Multi-AZ, got 1; name one in each zone, or set multi_az_enabled to False"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "subnet_ids": ["subnet-1", "net-2"]},
        ["'subnet_ids[1]' must be a subnet's id, got 'net-2'; write it like 'subnet-0123'"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "subnet_ids": ["subnet-1", "subnet-1"]},
        ["'subnet_ids[1]' must be named once, got 'subnet-1' twice; remove one"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "region": "us-east1"},
        ["'region' must be a region, got 'us-east1'; did you mean 'us-east-1'?"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "region": "Frankfurt"},
        ["'region' must be a region, got 'Frankfurt'; write it like 'us-east-1'"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "region": "us-east-1", "kms_key_id": "arn:aws:kms:eu-west-1:1:key/a"},
        ["'kms_key_id' must be a key in the cache's region us-east-1, got one in eu-west-1; use a key of us-east-1"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "region": "us-east-1", "preferred_cache_cluster_azs": ["us-east-1a", "eu-west-1a"]},
        [
            "'preferred_cache_cluster_azs[1]' must be an availability zone of us-east-1, got 'eu-west-1a'; write it like 'us-east-1a'"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "preferred_cache_cluster_azs": ["us-east-1a", "us-east-1a"]},
        [
            "'preferred_cache_cluster_azs' must name 2 zones or more with Multi-AZ, got 'us-east-1a' only; name another zone for a replica"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "cluster_mode": "compatible", "num_cache_clusters": 1},
        [
            "'cluster_mode' must be 'disabled' without automatic failover, got 'compatible'; set num_cache_clusters to 2 or more, and automatic_failover_enabled to True"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "cluster_mode": "compatible", "automatic_failover_enabled": False},
        [
            "'cluster_mode' must be 'disabled' without automatic failover, got 'compatible'; set num_cache_clusters to 2 or more, and automatic_failover_enabled to True"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "cluster_mode": "compatible", "engine": "redis", "engine_version": "6.2"},
        ["'cluster_mode' must be left out before redis 7.0, got 'compatible' with 6.2; upgrade engine_version"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "transit_encryption_mode": "preferred", "engine": "redis", "engine_version": "6.2"},
        [
            "'transit_encryption_mode' must be 'required' before redis 7.0, got 'preferred' with 6.2; upgrade engine_version"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {
            **CACHE,
            "transit_encryption_mode": "preferred",
            "auth_token_wo": "abcdefgh12345678",
            "auth_token_wo_version": 1,
        },
        [
            "'transit_encryption_mode' must be 'required' with auth_token_wo, got 'preferred'; AWS refuses access control while plaintext is allowed: finish moving the clients to TLS first"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "transit_encryption_enabled": False, "auth_token_wo": "abcdefgh12345678", "auth_token_wo_version": 1},
        [
            "'auth_token_wo' must be left out without TLS, got it with transit_encryption_enabled False; set that to True"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token_wo": "abcdefgh12345678"},
        [
            "'auth_token_wo_version' must be given with auth_token_wo, got nothing; count it up whenever the token changes"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token_wo_version": 1},
        [
            "'auth_token_wo_version' must be left out without auth_token_wo, got a version; remove it, or give auth_token_wo"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token_wo": "short", "auth_token_wo_version": 1},
        ["'auth_token_wo' must be 16-128 characters, got 5; leave it out to have one generated"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token": "abcdefgh12345678", "auth_token_wo": "abcdefgh12345678", "auth_token_wo_version": 1},
        ["'auth_token_wo' must not be given with auth_token, got both; keep one of them"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "user_group_ids": ["g"], "auth_token_wo": "abcdefgh12345678", "auth_token_wo_version": 1},
        [
            "'auth_token_wo' must not be given with user_group_ids, got both; AWS takes one of them: leave auth_token_wo out"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token_update_strategy": "DELETE"},
        [
            "'auth_token_update_strategy' must be ROTATE or SET with a generated token, got 'DELETE'; give user_group_ids to move to"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "auth_token_enabled": False, "auth_token_update_strategy": "SET"},
        ["'auth_token_update_strategy' must be left out without a token, got 'SET'; remove it, or give auth_token"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "apply_immediately": False, "log_types": ["slow-log"]},
        [
            "'apply_immediately' must be True with log_types, got False; AWS changes log delivery at once or not at all: leave it out"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "dns_name": "cache.example.com"},
        ["'dns_zone_id' must be given with dns_name, got nothing; give both or neither"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "dns_zone_id": "Z1"},
        ["'dns_name' must be given with dns_zone_id, got nothing; give both or neither"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "allowed_cidr_blocks": ["10.0.0.0/16", "10.0.0.0/16"]},
        ["'allowed_cidr_blocks[1]' must be named once, got '10.0.0.0/16' twice; remove one"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "allowed_security_group_ids": ["sg-1", "sg-1"]},
        ["'allowed_security_group_ids[1]' must be named once, got 'sg-1' twice; remove one"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "allowed_cidr_blocks": ["::/0"]},
        [
            "'allowed_cidr_blocks[0]' must not open a cache to the world, got '::/0'; name the clients' own range, or better their security group in allowed_security_group_ids"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "num_node_groups": "x"},
        [
            "'num_node_groups' must be an argument of ReplicationGroup, got an unknown one; it has one shard: use ShardedReplicationGroup"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "replicas_per_node_group": "x"},
        [
            "'replicas_per_node_group' must be an argument of ReplicationGroup, got an unknown one; write num_cache_clusters, which counts the primary, too"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "cluster_size": "x"},
        ["'cluster_size' must be an argument of ReplicationGroup, got an unknown one; write num_cache_clusters"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "replication_group_description": "x"},
        [
            "'replication_group_description' must be an argument of ReplicationGroup, got an unknown one; write description"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "security_group_names": "x"},
        [
            "'security_group_names' must be an argument of ReplicationGroup, got an unknown one; EC2-Classic is gone: write security_group_ids"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "subnet_group_name": "x"},
        [
            "'subnet_group_name' must be an argument of ReplicationGroup, got an unknown one; write existing_subnet_group_name, or give subnet_ids to have one made"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "parameter_group_name": "x"},
        [
            "'parameter_group_name' must be an argument of ReplicationGroup, got an unknown one; write existing_parameter_group_name, or leave it out to have one made"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "family": "x"},
        [
            "'family' must be an argument of ReplicationGroup, got an unknown one; it follows from engine and engine_version"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "global_replication_group_id": "x"},
        [
            "'global_replication_group_id' must be an argument of ReplicationGroup, got an unknown one; use GlobalDatastore"
        ],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "kms_key_arn": "x"},
        ["'kms_key_arn' must be an argument of ReplicationGroup, got an unknown one; write kms_key_id"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "multi_az": "x"},
        ["'multi_az' must be an argument of ReplicationGroup, got an unknown one; write multi_az_enabled"],
    ),
    (
        "ReplicationGroup",
        "main",
        {**CACHE, "zone_id": "x"},
        ["'zone_id' must be an argument of ReplicationGroup, got an unknown one; write dns_zone_id"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                }
            ],
        },
        ["'node_group_configurations' must describe each of the 2 shards, got 1; describe all of them or leave it out"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
            ],
        },
        [
            "'node_group_configurations[1].node_group_id' must be unique, got '0001' twice; number the shards from '0001'",
            "'node_group_configurations' must hold each slot once, got slot 0 twice; give each slot to one shard",
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "2",
                    "slots": "8192-16383",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
            ],
        },
        ["'node_group_configurations[1].node_group_id' must be 4 digits, got '2'; write it as AWS does, like '0002'"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0002",
                    "slots": "8192-16383",
                    "replica_count": 2,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
            ],
        },
        [
            "'node_group_configurations[1].replica_availability_zones' must name as many zones as replica_count (2), got 1; name the zone of each replica"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0002",
                    "slots": "8192-16383",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": [],
                },
            ],
        },
        [
            "'node_group_configurations[1].replica_availability_zones' must name as many zones as replica_count (1), got 0; name the zone of each replica"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0002",
                    "slots": "9000-16383",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
            ],
        },
        [
            "'node_group_configurations' must cover every slot from 0 to 16383, got none for slot 8192; add it to a shard"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0002",
                    "slots": "8192-20000",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
            ],
        },
        [
            "'node_group_configurations[1].slots' must be slots from 0 to 16383, got '8192-20000'; write it like '8192-16383'"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {
                    "node_group_id": "0002",
                    "slots": "8192-16383",
                    "replica_count": 1,
                    "primary_availability_zone": "a",
                    "replica_availability_zones": ["b"],
                },
            ],
        },
        [
            "'node_group_configurations[1].primary_availability_zone' must be an availability zone, got 'a'; write it like 'us-east-1a'",
            "'node_group_configurations[1].replica_availability_zones[0]' must be an availability zone, got 'b'; write it like 'us-east-1a'",
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_group_configurations": [
                {
                    "node_group_id": "0001",
                    "slots": "0-8191",
                    "replica_count": 1,
                    "primary_availability_zone": "us-east-1a",
                    "replica_availability_zones": ["us-east-1b"],
                },
                {"slots": "0-1"},
            ],
        },
        [
            "'node_group_configurations[1].node_group_id' must be given, got nothing; add it",
            "'node_group_configurations[1].replica_count' must be given, got nothing; add it",
            "'node_group_configurations[1].primary_availability_zone' must be given, got nothing; add it",
            "'node_group_configurations[1].replica_availability_zones' must be given, got nothing; add it",
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {}},
        [
            "'autoscaling' must limit shards or replicas, got neither; give minimum_shards and maximum_shards, or those of replicas"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 2}},
        ["'autoscaling.maximum_shards' must be given with the other limit of shards, got nothing; add it"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"maximum_shards": 600, "minimum_shards": 2}},
        [
            "'autoscaling.maximum_shards' must be 1 to 500, got 600; leave both limits of shards out to keep their number"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"maximum_shards": 2, "minimum_shards": 3}},
        ["'autoscaling.minimum_shards' must be maximum_shards (2) or less, got 3; lower it"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"maximum_shards": 8, "minimum_shards": 3}},
        ["'num_node_groups' must be 3 to 8 with its autoscaling, got 2; begin within the limits"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_replicas": 1, "maximum_replicas": 6}},
        [
            "'autoscaling.maximum_replicas' must be 1 to 5, got 6; leave both limits of replicas out to keep their number"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 1, "maximum_shards": 50}},
        [
            "'autoscaling' must allow 90 nodes or fewer in all, got 100 (50 shards × 2 nodes); lower the maximum, or set node_quota to what AWS has granted"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 1, "maximum_shards": 4, "target_percent": 90}},
        ["'autoscaling.target_percent' must be 35 to 70, got 90; use 60"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 1, "maximum_shards": 4, "shard_metric": "network"}},
        ["'autoscaling.shard_metric' must be one of cpu, memory, got 'network'; choose one of them"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 1, "maximum_shards": 4, "scale_in_cooldown_seconds": -1}},
        ["'autoscaling.scale_in_cooldown_seconds' must be 0 to 86400, got -1; leave it out for AWS's 600"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "autoscaling": {"minimum_shards": 1, "maximum_shards": 4, "cooldown": 1}},
        ["'autoscaling.cooldown' must be an argument of ShardedReplicationGroup, got an unknown one; remove it"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "node_type": "cache.t4g.small", "autoscaling": {"minimum_shards": 1, "maximum_shards": 4}},
        ["'autoscaling' must be left out on cache.t4g.small, got it; choose a node type such as cache.r7g.large"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {
            **SHARDED,
            "node_type": "cache.r6g.large",
            "engine": "redis",
            "engine_version": "5.0.6",
            "autoscaling": {"minimum_shards": 1, "maximum_shards": 4},
        },
        ["'autoscaling' must be left out before redis 6.0, got it with 5.0.6; upgrade engine_version"],
    ),
    (
        "ShardedReplicationGroup",
        "main",
        {**SHARDED, "preferred_cache_cluster_azs": ["us-east-1a"]},
        [
            "'preferred_cache_cluster_azs' must be an argument of ShardedReplicationGroup, got an unknown one; write node_group_configurations, or leave it to AWS"
        ],
    ),
    (
        "SubnetGroup",
        "main",
        {"subnet_ids": ["subnet-1"], "region": "us_east_1"},
        ["'region' must be a region, got 'us_east_1'; did you mean 'us-east-1'?"],
    ),
    (
        "SecurityGroup",
        "main",
        {"vpc_id": "vpc-1", "port": 6379, "allowed_security_group_ids": ["sg-1", "sg-1"]},
        ["'allowed_security_group_ids[1]' must be named once, got 'sg-1' twice; remove one"],
    ),
    (
        "ReplicationGroup",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        {**CACHE},
        ["'name' must be 27 characters or fewer with the stack 'test', got 40; choose a shorter name"],
    ),
    (
        "ReplicationGroup",
        "my_cache",
        {**CACHE},
        [
            "'name' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'my_cache-test'; choose another name"
        ],
    ),
    (
        "ShardedReplicationGroup",
        "1st",
        {**SHARDED},
        [
            "'name' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got '1st-test'; choose another name"
        ],
    ),
    (
        "SubnetGroup",
        "my_group",
        {"subnet_ids": ["subnet-1"]},
        [
            "'name' must be 1-255 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'my_group-test'; choose another name"
        ],
    ),
    (
        "ParameterGroup",
        "a--b",
        {"engine": "redis", "engine_version": "7.1"},
        [
            "'name' must be 1-255 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'a--b-test'; choose another name"
        ],
    ),
    (
        "SecurityGroup",
        "sg-mine",
        {"vpc_id": "vpc-1", "port": 6379},
        [
            "'name' must be 1-255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-, got 'sg-mine-test'; choose another name"
        ],
    ),
]


@pytest.mark.parametrize(("component", "name", "arguments", "lines"), REFUSED)
@pytest.mark.usefixtures("nothing")
def test_a_bad_input_is_refused_with_its_message(
    component: str, name: str, arguments: dict[str, Any], lines: list[str]
) -> None:
    """All problems at once, the component's name among them; nothing is registered."""
    with pytest.raises(cachewright.ArgsError) as caught:
        getattr(cachewright, component)(name, arguments)

    assert str(caught.value).splitlines() == [f"{component} '{name}': {line}" for line in lines]
    assert all("; " in line or "did you mean" in line for line in lines), "every message names a way out"


def test_no_message_holds_a_write_only_token() -> None:
    """A secret is never echoed, whatever is wrong with it."""
    assert "abcdefgh12345678" not in "\n".join(line for *_, lines in REFUSED for line in lines)
