"""Bad inputs, each with its exact message. Each is refused at construction, before anything is registered."""

from typing import Any

import pytest

import cachewright

NETWORK: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}

# component, arguments, every line of the message
REFUSED: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_clusters": 7},
        [
            "'num_cache_clusters' must be 1 to 6 (a primary and up to 5 replicas), got 7; for more use ShardedReplicationGroup"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_clusters": 0},
        [
            "'num_cache_clusters' must be 1 to 6 (a primary and up to 5 replicas), got 0; for more use ShardedReplicationGroup"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_clusters": 1, "automatic_failover_enabled": True},
        [
            "'automatic_failover_enabled' must be False without a replica, got True with 1 node; set num_cache_clusters to 2 or more"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_clusters": 1, "multi_az_enabled": True},
        [
            "'multi_az_enabled' must be False without a replica, got True with 1 node; set num_cache_clusters to 2 or more"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "automatic_failover_enabled": False, "multi_az_enabled": True},
        [
            "'multi_az_enabled' must be False without automatic failover, got True; set automatic_failover_enabled to True, or leave both out"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"cluster-enabled": "yes"}},
        [
            "'parameters.cluster-enabled' must follow from the topology, got it as a parameter; remove it: ReplicationGroup has one shard, ShardedReplicationGroup is in cluster mode"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"maxmemory-polcy": "allkeys-lru"}},
        [
            "'parameters.maxmemory-polcy' must be a parameter of valkey9, got 'maxmemory-polcy'; did you mean maxmemory-policy or maxmemory-samples or maxmemory?"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"appendonly": "yes"}},
        ["'parameters.appendonly' must be left to AWS, which does not let appendonly be changed, got 'yes'; remove it"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"save": "900 1"}},
        ["'parameters.save' must be a parameter of valkey9, got 'save'; ElastiCache has no such parameter; remove it"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"timeout": "10"}},
        ["'parameters.timeout' must be one of 0,20-, got '10'; AWS's default is '0'"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"maxmemory-policy": "lru"}},
        [
            "'parameters.maxmemory-policy' must be one of volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction, got 'lru'; AWS's default is 'volatile-lru'"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"maxmemory-samples": "many"}},
        ["'parameters.maxmemory-samples' must be an integer, got 'many'; AWS's default is '3'"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"notify-keyspace-events": "KQ"}},
        ["'parameters.notify-keyspace-events' must match [KEg$lshzxeA]*, got 'KQ'; AWS's default is ''"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "parameters": {"reserved-memory": "1", "reserved-memory-percent": "25"},
        },
        [
            "'parameters.reserved-memory' must not be given with reserved-memory-percent, got both; keep reserved-memory-percent"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine": "redis",
            "engine_version": "7.1",
            "parameters": {"extended-redis-compatibility": "yes"},
        },
        [
            "'parameters.extended-redis-compatibility' must be a parameter of redis7, got 'extended-redis-compatibility'; it exists in valkey8, valkey9 only; remove it"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine_version": "8.0",
            "parameters": {"commandlog-request-larger-than": "1"},
        },
        [
            "'parameters.commandlog-request-larger-than' must be left out before version 8.1, got it with 8.0; upgrade or remove it"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "parameters": {"timeout": "0"},
            "existing_parameter_group_name": "mine",
        },
        ["'parameters' must not be given with existing_parameter_group_name, got both; keep one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "existing_parameter_group_name": "default.valkey8"},
        [
            "'existing_parameter_group_name' must be a group of your own, got AWS's 'default.valkey8'; leave it out to have one made"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "auth_token": "abcdefgh12345678",
            "transit_encryption_enabled": False,
        },
        ["'auth_token' must be left out without TLS, got it with transit_encryption_enabled False; set that to True"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "user_group_ids": ["apps"], "transit_encryption_enabled": False},
        [
            "'user_group_ids' must be left out without TLS, got it with transit_encryption_enabled False; set that to True"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token": "abcdefgh12345678", "user_group_ids": ["apps"]},
        ["'auth_token' must not be given with user_group_ids, got both; AWS takes one of them: leave auth_token out"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token": "short"},
        ["'auth_token' must be 16-128 characters, got 5; leave it out to have one generated"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token": "a" * 129},
        ["'auth_token' must be 16-128 characters, got 129; leave it out to have one generated"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token": "with/slash-and-more"},
        [
            "'auth_token' must hold only letters, digits and !&#$^<>-, got another character; leave it out to have one generated"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token_enabled": True, "user_group_ids": ["apps"]},
        ["'auth_token_enabled' must be False with user_group_ids, got True; AWS takes one of them: leave it out"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token_enabled": False, "auth_token": "abcdefgh12345678"},
        ["'auth_token' must be left out when auth_token_enabled is False, got a token; remove one of them"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "auth_token": "abcdefgh12345678",
            "transit_encryption_mode": "preferred",
        },
        [
            "'transit_encryption_mode' must be 'required' with auth_token, got 'preferred'; AWS refuses access control while plaintext is allowed: finish moving the clients to TLS first"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "transit_encryption_enabled": False,
            "transit_encryption_mode": "required",
        },
        ["'transit_encryption_mode' must be left out when transit_encryption_enabled is False, got a mode; remove it"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "transit_encryption_mode": "maybe"},
        ["'transit_encryption_mode' must be one of preferred, required, got 'maybe'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token_update_strategy": "SWAP"},
        ["'auth_token_update_strategy' must be one of SET, ROTATE, DELETE, got 'SWAP'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "auth_token_update_strategy": "DELETE",
            "auth_token": "abcdefgh12345678",
        },
        ["'auth_token' must be left out with the strategy DELETE, got a token; remove it"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "user_group_ids": ["a", "b"]},
        ["'user_group_ids' must be one user group, got 2; put the users into one group"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "user_group_ids": []},
        ["'user_group_ids' must hold a user group, got an empty list; leave it out"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine": "redis",
            "engine_version": "5.0.6",
            "user_group_ids": ["a"],
        },
        [
            "'node_type' must run redis 5.0.6, got one that does not: cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type",
            "'user_group_ids' must be left out before redis 6.0, got it with 5.0.6; upgrade, or use auth_token",
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "kms_key_id": "key", "at_rest_encryption_enabled": False},
        ["'kms_key_id' must be left out when at_rest_encryption_enabled is False, got a key; set that to True"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "data_tiering_enabled": True},
        [
            "'data_tiering_enabled' must be False on cache.r7g.large, which has no SSD, got True; choose one such as cache.r6gd.xlarge"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r6gd.xlarge", **NETWORK, "data_tiering_enabled": False},
        [
            "'data_tiering_enabled' must be True on cache.r6gd.xlarge, got False; leave it out, or choose a node type without SSD"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r6gd.xlarge", **NETWORK, "parameters": {"maxmemory-policy": "allkeys-lfu"}},
        [
            "'parameters.maxmemory-policy' must be one of noeviction, volatile-lru, allkeys-lru with data tiering, got 'allkeys-lfu'; choose one of them"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_window": "04:00-06:00"},
        [
            "'snapshot_window' must not overlap the maintenance window mon:05:00-mon:07:00, got 04:00-06:00; move one of the two"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_window": "05:30-06:30"},
        [
            "'snapshot_window' must not overlap the maintenance window mon:05:00-mon:07:00, got 05:30-06:30; move one of the two"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_window": "03:00-03:30"},
        ["'snapshot_window' must last 60 minutes or more, got 30 (03:00-03:30); move its end"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_window": "3am"},
        ["'snapshot_window' must be hh24:mi-hh24:mi in UTC, got '3am'; write it like '03:00-05:00'"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "maintenance_window": "mon:05:00-mon:05:30"},
        ["'maintenance_window' must last 60 to 1440 minutes, got 30 (mon:05:00-mon:05:30); move its end"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "maintenance_window": "monday"},
        [
            "'maintenance_window' must be ddd:hh24:mi-ddd:hh24:mi in UTC, got 'monday'; write it like 'mon:05:00-mon:07:00'"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "maintenance_window": "mon:05:00-wed:05:00"},
        ["'maintenance_window' must last 60 to 1440 minutes, got 2880 (mon:05:00-wed:05:00); move its end"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_retention_limit": 36},
        ["'snapshot_retention_limit' must be 0 to 35, got 36; use 7 in production"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_retention_limit": -1},
        ["'snapshot_retention_limit' must be 0 to 35, got -1; use 7 in production"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_name": "a", "snapshot_arns": ["arn:aws:s3:::b/c.rdb"]},
        ["'snapshot_arns' must not be given with snapshot_name, got both; restore from one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_arns": ["s3://b/c.rdb"]},
        [
            "'snapshot_arns[0]' must be the ARN of an RDB file in S3, got 's3://b/c.rdb'; write it like 'arn:aws:s3:::bucket/file.rdb'"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "final_snapshot_identifier": "-bad-"},
        [
            "'final_snapshot_identifier' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got '-bad-'; choose another name"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "engine": "mysql"},
        ["'engine' must be one of valkey, redis, got 'mysql'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "engine": "memcached"},
        ["'engine' must be one of valkey, redis, got 'memcached'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "engine_version": "8.5"},
        ["'engine_version' must be a version of valkey (7.2, 8.0, 8.1, 8.2, 9.0, 9.1), got '8.5'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "engine": "redis", "engine_version": "7.0.5"},
        [
            "'engine_version' must be a version of redis (4.0.10, 5.0.6, 6.0, 6.2, 7.0, 7.1), got '7.0.5'; choose one of them"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r8g.large", "engine": "redis", **NETWORK},
        [
            "'node_type' must run redis 7.1, got one that does not: cache.r8g.large does not run redis; choose cache.r7g.large, or valkey"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.huge", **NETWORK},
        [
            "'node_type' must be a node type of ElastiCache, got 'cache.r7g.huge'; choose one such as cache.r7g.large, cache.r7g.xlarge, cache.r7g.2xlarge, cache.r7g.4xlarge, cache.r7g.8xlarge, cache.r7g.12xlarge, cache.r7g.16xlarge"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "r7g.large", **NETWORK},
        [
            "'node_type' must be a node type of ElastiCache, got 'r7g.large'; choose one such as cache.t4g.small, cache.m7g.large, cache.r7g.large"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", "engine": "redis", "engine_version": "6.0", **NETWORK},
        [
            "'node_type' must run redis 6.0, got one that does not: cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type"
        ],
    ),
    ("ReplicationGroup", {**NETWORK}, ["'node_type' must be given, got nothing; add it"]),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large"},
        [
            "'subnet_ids' must be given, or existing_subnet_group_name instead, got neither; name the private subnets to use",
            "'vpc_id' must be given, or security_group_ids instead, got neither; name the VPC of the subnets",
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "existing_subnet_group_name": "mine"},
        [
            "'subnet_ids' must be given, or existing_subnet_group_name instead, got both; name the private subnets to use"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            "subnet_ids": ["subnet-1", "subnet-2"],
            "security_group_ids": ["sg-1"],
            "allowed_cidr_blocks": ["10.0.0.0/16"],
        },
        [
            "'allowed_cidr_blocks' must be left out without vpc_id, as the cache makes no security group then, got it; give vpc_id"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "security_group_ids": []},
        ["'security_group_ids' must hold a security group, got an empty list; leave it out"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "security_group_ids": ["web"]},
        ["'security_group_ids[0]' must be a security group's id, got 'web'; write it like 'sg-0123'"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "allowed_cidr_blocks": ["0.0.0.0/0"]},
        [
            "'allowed_cidr_blocks[0]' must not open a cache to the world, got '0.0.0.0/0'; name the clients' own range, or better their security group in allowed_security_group_ids"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "allowed_cidr_blocks": ["::/0"]},
        [
            "'allowed_cidr_blocks[0]' must not open a cache to the world, got '::/0'; name the clients' own range, or better their security group in allowed_security_group_ids"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "allowed_cidr_blocks": ["128.0.0.0/1"]},
        [
            "'allowed_cidr_blocks[0]' must not open a cache to the world, got '128.0.0.0/1'; name the clients' own range, or better their security group in allowed_security_group_ids"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "allowed_cidr_blocks": ["10.0.0.1/8"]},
        [
            "'allowed_cidr_blocks[0]' must be a network range in CIDR form, got '10.0.0.1/8'; write it like '10.0.0.0/16'"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "allowed_security_group_ids": ["web"]},
        ["'allowed_security_group_ids[0]' must be a security group's id, got 'web'; write it like 'sg-0123'"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "port": 0},
        ["'port' must be 1 to 65535, got 0; leave it out for the engine's own port"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "port": 70000},
        ["'port' must be 1 to 65535, got 70000; leave it out for the engine's own port"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "port": "6379"},
        ["'port' must be an integer, got '6379' (str); give an integer"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "network_type": "ipv5"},
        ["'network_type' must be one of ipv4, ipv6, dual_stack, got 'ipv5'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine": "redis",
            "engine_version": "6.0",
            "network_type": "dual_stack",
        },
        [
            "'node_type' must run redis 6.0, got one that does not: cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type",
            "'network_type' must be ipv4 before redis 6.2, got 'dual_stack' with 6.0; upgrade engine_version",
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "network_type": "ipv4", "ip_discovery": "ipv6"},
        ["'ip_discovery' must be ipv4 in an ipv4 network, got 'ipv6'; set network_type to dual_stack"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "preferred_cache_cluster_azs": ["us-east-1a"]},
        ["'preferred_cache_cluster_azs' must name a zone for each of the 2 nodes, got 1; name 2 or leave it out"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "preferred_cache_cluster_azs": ["a", "b"]},
        [
            "'preferred_cache_cluster_azs[0]' must be an availability zone, got 'a'; write it like 'us-east-1a'",
            "'preferred_cache_cluster_azs[1]' must be an availability zone, got 'b'; write it like 'us-east-1a'",
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "notification_topic_arn": "alerts"},
        [
            "'notification_topic_arn' must be the ARN of an SNS topic, got 'alerts'; write it like 'arn:aws:sns:us-east-1:111122223333:alerts'"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "log_types": ["audit-log"]},
        ["'log_types[0]' must be one of slow-log, engine-log, got 'audit-log'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "log_types": ["slow-log", "slow-log"]},
        ["'log_types[1]' must be delivered once, got 'slow-log' in log_types[0] too; remove one"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "log_types": ["slow-log"], "log_retention_days": 8},
        [
            "'log_retention_days' must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 8; choose one of them"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine": "redis",
            "engine_version": "5.0.6",
            "log_types": ["slow-log"],
        },
        [
            "'node_type' must run redis 5.0.6, got one that does not: cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type",
            "'log_types[0]' must be left out before redis 6.0, got 'slow-log' with 5.0.6; upgrade engine_version",
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "engine": "redis",
            "engine_version": "5.0.6",
            "auto_minor_version_upgrade": True,
        },
        [
            "'node_type' must run redis 5.0.6, got one that does not: cache.r7g.large needs redis 6.2 or newer; upgrade engine_version or choose an older node type",
            "'auto_minor_version_upgrade' must be left out before redis 6.0, got True with 5.0.6; upgrade engine_version",
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "replication_group_id": "a" * 41},
        [
            "'replication_group_id' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; choose another name"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "replication_group_id": "main--cache"},
        [
            "'replication_group_id' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'main--cache'; choose another name"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "replication_group_id": "1main"},
        [
            "'replication_group_id' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got '1main'; choose another name"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "description": "x" * 256},
        [
            "'description' must be 1-255 characters, got 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'... of 256 characters; shorten it, or leave it out"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "tags": {"aws:team": "x"}},
        ["'tags.aws:team' must be 1-128 characters and not starting with aws:, got 'aws:team'; choose another key"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "tags": {"team": "x" * 257}},
        [
            "'tags.team' must be 0-256 characters, got 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'... of 257 characters; shorten the value"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "durability": "sync"},
        ["'durability' must be left out without cluster mode, got 'sync'; use ShardedReplicationGroup"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "cluster_mode": "enabled"},
        ["'cluster_mode' must be one of disabled, compatible, got 'enabled'; choose one of them"],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "multi_azz_enabled": True},
        [
            "'multi_azz_enabled' must be an argument of ReplicationGroup, got an unknown one; did you mean 'multi_az_enabled'?"
        ],
    ),
    (
        "ReplicationGroup",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_retention_limit": "7"},
        ["'snapshot_retention_limit' must be an integer, got '7' (str); give an integer"],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "log_delivery_configurations": [
                {"destination": "d", "destination_type": "s3", "log_format": "xml", "log_type": "slow-log"}
            ],
        },
        [
            "'log_delivery_configurations[0].destination_type' must be one of cloudwatch-logs, kinesis-firehose, got 's3'; choose one of them",
            "'log_delivery_configurations[0].log_format' must be one of json, text, got 'xml'; choose one of them",
        ],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 3, **NETWORK, "replicas_per_node_group": 6},
        ["'replicas_per_node_group' must be 0 to 5, got 6; use 1 or 2 in production"],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 501, **NETWORK},
        ["'num_node_groups' must be 1 to 500, got 501; split the data over several caches"],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 46, **NETWORK},
        [
            "'num_node_groups' must be 90 nodes or fewer in all, got 92 (46 shards × 2 nodes); use fewer shards or replicas, or set node_quota to what AWS has granted"
        ],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 251, "node_quota": 500, **NETWORK},
        [
            "'num_node_groups' must be 500 nodes or fewer in all, got 502 (251 shards × 2 nodes); 500 is the most AWS has: use fewer shards or replicas"
        ],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 3, **NETWORK, "automatic_failover_enabled": False},
        ["'automatic_failover_enabled' must be True in cluster mode, got False; AWS refuses it: leave it out"],
    ),
    (
        "ShardedReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            "num_node_groups": 3,
            **NETWORK,
            "replicas_per_node_group": 0,
            "multi_az_enabled": True,
        },
        [
            "'multi_az_enabled' must be False without a replica, got True with 0 replicas; set replicas_per_node_group to 1 or more"
        ],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 3, **NETWORK, "cluster_mode": "disabled"},
        ["'cluster_mode' must be one of compatible, enabled, got 'disabled'; choose one of them"],
    ),
    (
        "ShardedReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            "num_node_groups": 3,
            **NETWORK,
            "engine_version": "8.1",
            "durability": "sync",
        },
        ["'durability' must be left out before valkey 9.0, got 'sync' with valkey 8.1; upgrade engine_version"],
    ),
    (
        "ShardedReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            "num_node_groups": 3,
            **NETWORK,
            "engine_version": "9.0",
            "durability": "sync",
            "replicas_per_node_group": 0,
        },
        [
            "'durability' must be left out without a replica, got it with 0 replicas; set replicas_per_node_group to 1 or more"
        ],
    ),
    (
        "ShardedReplicationGroup",
        {"node_type": "cache.r7g.large", "num_node_groups": 3, **NETWORK, "num_cache_clusters": 2},
        [
            "'num_cache_clusters' must be an argument of ShardedReplicationGroup, got an unknown one; write num_node_groups and replicas_per_node_group"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_nodes": 41},
        ["'num_cache_nodes' must be 1 to 40, got 41; set node_quota to what AWS has granted"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_nodes": 61, "node_quota": 60},
        ["'num_cache_nodes' must be 1 to 60, got 61; split the data over two clusters"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "num_cache_nodes": 1, "az_mode": "cross-az"},
        ["'az_mode' must be single-az with 1 node, got 'cross-az'; set num_cache_nodes to 2 or more"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "preferred_availability_zones": ["us-east-1a"]},
        ["'preferred_availability_zones' must name a zone for each of the 2 nodes, got 1; name 2 or leave it out"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "engine_version": "1.6.6", "transit_encryption_enabled": True},
        [
            "'transit_encryption_enabled' must be False before memcached 1.6.12, got True with 1.6.6; upgrade engine_version"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "snapshot_retention_limit": 7},
        [
            "'snapshot_retention_limit' must be left out for Memcached, got it; node-based Memcached has no snapshots; use a ServerlessCache for that"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "auth_token": "abcdefgh12345678"},
        [
            "'auth_token' must be left out for Memcached, got it; Memcached has no AUTH; restrict clients by security group"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "multi_az_enabled": True},
        ["'multi_az_enabled' must be left out for Memcached, got it; set az_mode to cross-az instead"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "at_rest_encryption_enabled": True},
        [
            "'at_rest_encryption_enabled' must be left out for Memcached, got it; node-based Memcached keeps nothing on disk"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"max_item_size": "1048577"}},
        ["'parameters.max_item_size' must be a multiple of slab_chunk_max (524288), got 1048577; use 1048576"],
    ),
    (
        "MemcachedCluster",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "parameters": {"max_item_size": "1048576", "slab_chunk_max": "2097152"},
        },
        ["'parameters.slab_chunk_max' must be max_item_size (1048576) or less, got 2097152; lower it"],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "parameters": {"maxmemory-policy": "allkeys-lru"}},
        [
            "'parameters.maxmemory-policy' must be a parameter of memcached1.6, got 'maxmemory-policy'; it exists in redis4.0, redis5.0, redis6.x, redis7, valkey7, valkey8, valkey9 only; remove it"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "cluster_id": "Upper"},
        [
            "'cluster_id' must be 1-50 lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'Upper'; choose another name"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "engine_version": "1.6"},
        [
            "'engine_version' must be a version of memcached (1.4.5, 1.4.14, 1.4.24, 1.4.33, 1.4.34, 1.5.10, 1.5.16, 1.6.6, 1.6.12, 1.6.17, 1.6.22), got '1.6'; choose one of them"
        ],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "engine": "mysql"},
        ["'engine' must be one of valkey, redis, memcached, got 'mysql'; choose one of them"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "engine": "redis", "major_engine_version": "6"},
        ["'major_engine_version' must be a major version of serverless redis (7), got '6'; choose one of them"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "data_storage_maximum_gb": 5001},
        ["'data_storage_maximum_gb' must be 1 to 5000, got 5001; leave it out for AWS's own limit"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "data_storage_minimum_gb": 10, "data_storage_maximum_gb": 5},
        ["'data_storage_minimum_gb' must be data_storage_maximum_gb (5) or less, got 10; lower it"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "ecpu_per_second_minimum": 10},
        ["'ecpu_per_second_minimum' must be 1000 to 15000000, got 10; leave it out to scale from nothing"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "ecpu_per_second_maximum": 15000001},
        ["'ecpu_per_second_maximum' must be 1000 to 15000000, got 15000001; leave it out for AWS's own limit"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "daily_snapshot_time": "25:00"},
        ["'daily_snapshot_time' must be hh:mm in UTC, got '25:00'; write it like '03:00'"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "kms_key_id": "1234"},
        ["'kms_key_id' must be the ARN of a KMS key, got '1234'; use the key's arn, not its id"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "parameters": {}, "node_type": "cache.r7g.large"},
        [
            "'parameters' must be left out for a serverless cache, got it; AWS sets its parameters",
            "'node_type' must be left out for a serverless cache, got it; it scales by itself: give limits such as data_storage_maximum_gb",
        ],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "engine": "memcached", "user_group_id": "apps"},
        ["'user_group_id' must be left out for memcached, got it; restrict clients by security group"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "engine": "memcached", "user_group_enabled": True},
        ["'user_group_enabled' must be left out for memcached, got True; restrict clients by security group"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "user_group_id": "apps", "user_group_enabled": True},
        ["'user_group_enabled' must be left out with user_group_id, got True; keep one of them"],
    ),
    (
        "ServerlessCache",
        {**NETWORK, "alarm_topic_arn": "on-call"},
        [
            "'alarm_topic_arn' must be the ARN of an SNS topic, got 'on-call'; write it like 'arn:aws:sns:us-east-1:111122223333:alerts'"
        ],
    ),
    (
        "MemcachedCluster",
        {"node_type": "cache.r7g.large", **NETWORK, "alarm_topic_arn": "arn:aws:sqs:us-east-1:111122223333:on-call"},
        [
            "'alarm_topic_arn' must be the ARN of an SNS topic, got 'arn:aws:sqs:us-east-1:111122223333:on-call'; write it like 'arn:aws:sns:us-east-1:111122223333:alerts'"
        ],
    ),
    (
        "ReplicationGroup",
        {
            "node_type": "cache.r7g.large",
            **NETWORK,
            "region": "eu-west-1",
            "alarm_topic_arn": "arn:aws:sns:us-east-1:111122223333:on-call",
        },
        [
            "'alarm_topic_arn' must be a topic in the cache's region eu-west-1, got one in us-east-1; use a topic of eu-west-1"
        ],
    ),
    (
        "ServerlessCache",
        {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2", "subnet-3", "subnet-4"]},
        ["'subnet_ids' must be 2 to 3 subnets, got 4; name one in each of up to 3 zones"],
    ),
    (
        "ServerlessCache",
        {},
        [
            "'subnet_ids' must be given, got nothing; name private subnets, or AWS takes the default VPC's",
            "'vpc_id' must be given, or security_group_ids instead, got neither; name the VPC of the subnets",
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", **NETWORK}],
            "node_type": "cache.t4g.small",
        },
        [
            "'node_type' must be a node type of size large or more of c7gn, c8gn, m5, m6g, m7g, m8g, r5, r6g, r6gd, r7g, r8g, got 'cache.t4g.small'; choose a larger one"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", **NETWORK}],
            "engine": "redis",
            "engine_version": "4.0.10",
        },
        ["'engine_version' must be 5.0.6 or newer for a global datastore, got '4.0.10'; upgrade the primary first"],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", **NETWORK}],
            "engine": "memcached",
        },
        ["'engine' must be one of valkey, redis, got 'memcached'; choose one of them"],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", **NETWORK}],
            "global_replication_group_id_suffix": "-x",
        },
        [
            "'global_replication_group_id_suffix' must be 1-34 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got '-x'; choose another name"
        ],
    ),
    (
        "GlobalDatastore",
        {"primary_replication_group_id": "main", "secondaries": []},
        ["'secondaries' must be 1 to 2 secondaries, got 0; AWS allows no more regions"],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-east-1", **NETWORK}],
            "sharded": False,
        },
        [
            "'secondaries[0].region' must be a region of its own, got 'us-east-1' of the primary too; choose another region"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "moon-1", **NETWORK}],
            "sharded": False,
        },
        [
            "'secondaries[0].region' must be a region with global datastores, got 'moon-1'; choose another region such as 'eu-west-1'"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", "num_cache_clusters": 1, **NETWORK}],
            "sharded": False,
        },
        [
            "'secondaries[0].num_cache_clusters' must be 2 or more, as the primary's automatic failover is inherited, got 1; add a replica"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", "num_cache_clusters": 2, **NETWORK}],
            "sharded": True,
        },
        [
            "'secondaries[0].num_cache_clusters' must be left out with a sharded primary, got it; use replicas_per_node_group"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", "node_type": "cache.r7g.large", **NETWORK}],
            "sharded": False,
        },
        [
            "'secondaries[0].node_type' must be left out, for a secondary has the primary's, got it; change it on the primary"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2", "replication_group_id": "main", **NETWORK}],
            "sharded": False,
        },
        [
            "'secondaries[0].replication_group_id' must differ from the primary's, got 'main'; the provider tells members apart by id only"
        ],
    ),
    (
        "GlobalDatastore",
        {
            "primary_replication_group_id": "main",
            "primary_region": "us-east-1",
            "secondaries": [{"region": "us-west-2"}],
            "sharded": False,
        },
        [
            "'secondaries[0].subnet_ids' must be given, or existing_subnet_group_name instead, got neither; name subnets in its region",
            "'secondaries[0].vpc_id' must be given, or security_group_ids instead, got neither; name the VPC of the subnets",
        ],
    ),
    ("UserGroup", {"users": []}, ["'users' must be 1 to 99 users, got 0; make another group for more"]),
    (
        "UserGroup",
        {"users": [{"user_name": "default"}]},
        ["'users[0].user_name' must not be 'default', which the component adds, switched off; choose another name"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a"}, {"user_name": "a"}]},
        ["'users[1].user_name' must be unique in the group, got 'a' in users[0] too; choose another name"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "1a"}]},
        [
            "'users[0].user_name' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got '1a'; choose another name"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access": "root"}]},
        ["'users[0].access' must be one of reader, writer, admin, custom, got 'root'; choose one of them"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access_string": "on ~* +@raed"}]},
        ["'users[0].access_string' must name known categories, got '+@raed'; use @read, @write or another of Redis's"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access_string": "on ~* +@all >hunter2"}]},
        [
            "'users[0].access_string' must not hold a password (a rule that begins with '>'); use the user's passwords instead"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access_string": "on nopass +@all"}]},
        [
            "'users[0].access_string' must not hold 'nopass', which ElastiCache refuses; set the user's authentication to no-password-required instead"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access": "reader", "access_string": "on ~* +@read"}]},
        [
            "'users[0].access_string' must be left out with access or key_prefixes, got it too; write all rights in access_string"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "access": "custom"}]},
        ["'users[0].access_string' must be given with access 'custom', got nothing; write the rights there"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "key_prefixes": ["a*"]}]},
        [
            "'users[0].key_prefixes[0]' must be the beginning of keys without spaces, *, ?, [, ] and \\, got 'a*'; write it like 'app:'"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "passwords": ["abcdefgh12345678"]}]},
        [
            "'users[0].passwords' must be left out with IAM authentication, got passwords; set authentication to password"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "authentication": "password", "passwords": ["short"]}]},
        ["'users[0].passwords[0]' must be 16-128 characters, got 5; leave passwords out to have one generated"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "authentication": "password", "passwords": ["with@at-and-more-of-it"]}]},
        [
            "'users[0].passwords[0]' must hold none of , \" / @ and spaces, got one; leave passwords out to have one generated"
        ],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a", "authentication": "password", "passwords": ["a" * 16, "b" * 16, "c" * 16]}]},
        ["'users[0].passwords' must be 1 to 2 passwords, got 3; remove the oldest"],
    ),
    (
        "UserGroup",
        {"users": [{"user_name": "a"}], "engine": "memcached"},
        ["'engine' must be one of valkey, redis, got 'memcached'; choose one of them"],
    ),
    (
        "UserGroup",
        {"users": [{"acess": "reader"}]},
        [
            "'users[0].user_name' must be given, got nothing; add it",
            "'users[0].acess' must be an argument of UserGroup, got an unknown one; remove it",
        ],
    ),
    ("SubnetGroup", {"subnet_ids": []}, ["'subnet_ids' must be 1 to 20 subnets, got 0; name one in each zone"]),
    (
        "SubnetGroup",
        {"subnet_ids": ["subnet-1", "subnet-1"]},
        ["'subnet_ids[1]' must be named once, got 'subnet-1' twice; remove one"],
    ),
    (
        "SubnetGroup",
        {"subnet_ids": ["net-1"]},
        ["'subnet_ids[0]' must be a subnet's id, got 'net-1'; write it like 'subnet-0123'"],
    ),
    (
        "SubnetGroup",
        {"subnet_ids": ["subnet-1"], "subnet_group_name": "default"},
        ["'subnet_group_name' must not be 'default', which AWS keeps for itself, got 'default'; choose another name"],
    ),
    ("SubnetGroup", {"subnet_ids": "subnet-1"}, ["'subnet_ids' must be a list, got 'subnet-1' (str); give a list"]),
    ("ParameterGroup", {"engine": "valkey"}, ["'engine_version' must be given, got nothing; add it"]),
    (
        "ParameterGroup",
        {"engine": "memcached", "engine_version": "1.6.22", "cluster_enabled": True},
        ["'cluster_enabled' must be left out for memcached, which has no cluster mode, got True; remove it"],
    ),
    (
        "ParameterGroup",
        {"engine": "valkey", "engine_version": "8.1", "parameter_group_name": "default.mine"},
        [
            "'parameter_group_name' must not be 'default', which AWS keeps for itself, got 'default.mine'; choose another name"
        ],
    ),
    (
        "ParameterGroup",
        {"engine": "valkey", "engine_version": "8.1", "parameters": {"timeout": 0}},
        ["'parameters.timeout' must be a string, got 0 (int); give a string"],
    ),
    (
        "SecurityGroup",
        {"vpc_id": "vpc-1", "port": 6379, "last_port": 6000},
        ["'last_port' must be 6379 or more, got 6000; leave it out for a single port"],
    ),
    (
        "SecurityGroup",
        {"vpc_id": "vpc-1", "port": 6379, "security_group_name": "sg-mine"},
        [
            "'security_group_name' must be 1-255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not starting with sg-, got 'sg-mine'; choose another name"
        ],
    ),
    ("SecurityGroup", {"port": 6379}, ["'vpc_id' must be given, got nothing; add it"]),
]


def argument_id(value: object) -> str | None:
    return value if isinstance(value, str) else None


@pytest.mark.parametrize(("component", "arguments", "lines"), REFUSED, ids=argument_id)
@pytest.mark.usefixtures("nothing")
def test_a_bad_input_is_refused_with_its_message(component: str, arguments: Any, lines: list[str]) -> None:
    """One line a problem: the argument, what was expected, what was found, one way out; nothing is registered."""
    with pytest.raises(cachewright.ArgsError) as caught:
        getattr(cachewright, component)("main", arguments)

    assert str(caught.value).splitlines() == [f"{component} 'main': {line}" for line in lines]
    assert [one.text for one in caught.value.problems] == [line.split("' ", 1)[1] for line in lines]


def test_the_table_is_large_enough_to_mean_something() -> None:
    """Every component has its rows."""
    assert {component for component, _, _ in REFUSED} == {
        "GlobalDatastore",
        "MemcachedCluster",
        "ParameterGroup",
        "ReplicationGroup",
        "SecurityGroup",
        "ServerlessCache",
        "ShardedReplicationGroup",
        "SubnetGroup",
        "UserGroup",
    }
    assert len(REFUSED) >= 80


def test_no_message_holds_a_secret() -> None:
    """Tokens and passwords are never echoed, whatever is wrong with them."""
    text = "\n".join(line for _, _, lines in REFUSED for line in lines)

    for secret in ("abcdefgh12345678", "with/slash-and-more", "hunter2", "with@at-and-more-of-it"):
        assert secret not in text
