"""What is right may be written in many ways: none of them is found fault with.

Each program is held against the rules that are on by default, in production unless it says otherwise.
"""

from __future__ import annotations

import textwrap
from datetime import date

import pytest

from cachewright_policies import registry
from cachewright_policies.configuration import Configuration
from cachewright_policies.evaluation import Evaluation
from cachewright_policies.rule import Environment

ZONES = ("eu-west-1a", "eu-west-1b")

PLAIN_NETWORK = """
vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24", availability_zone=zone)
    for index, zone in enumerate(["eu-west-1a", "eu-west-1b"])
]
"""
GROUP = """
subnet_group = aws.elasticache.SubnetGroup("caches", subnet_ids=[one.id for one in subnets])
"""

NETWORKS = {
    "no route at all": PLAIN_NETWORK,
    "routes inline, to NAT": PLAIN_NETWORK
    + """
nat = aws.ec2.NatGateway("out", allocation_id="eipalloc-1", subnet_id="subnet-public")
table = aws.ec2.RouteTable("private", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id}])
for number, one in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"private-{number}", subnet_id=one.id, route_table_id=table.id)
""",
    "routes apart, to a transit gateway and an endpoint": PLAIN_NETWORK
    + """
table = aws.ec2.RouteTable("private", vpc_id=vpc.id)
transit = aws.ec2transitgateway.TransitGateway("offices")
aws.ec2.Route("offices", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", transit_gateway_id=transit.id)
aws.ec2.VpcEndpoint("s3", vpc_id=vpc.id, service_name="com.amazonaws.eu-west-1.s3", route_table_ids=[table.id])
for number, one in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"private-{number}", subnet_id=one.id, route_table_id=table.id)
""",
    "a default table that is private, and a public one beside it": PLAIN_NETWORK
    + """
gateway = aws.ec2.InternetGateway("in", vpc_id=vpc.id)
aws.ec2.DefaultRouteTable("main", default_route_table_id=vpc.default_route_table_id)
public = aws.ec2.RouteTable("public", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}])
edge = aws.ec2.Subnet("edge", vpc_id=vpc.id, cidr_block="10.0.9.0/24", map_public_ip_on_launch=True)
aws.ec2.RouteTableAssociation("edge", subnet_id=edge.id, route_table_id=public.id)
""",
    "a VPN gateway as the way out": PLAIN_NETWORK
    + """
offices = aws.ec2.VpnGateway("offices", vpc_id=vpc.id)
table = aws.ec2.RouteTable("private", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": offices.id}])
for number, one in enumerate(subnets):
    aws.ec2.RouteTableAssociation(f"private-{number}", subnet_id=one.id, route_table_id=table.id)
""",
}

SECURITY_GROUPS = {
    "rules inline, from a group": """
apps = aws.ec2.SecurityGroup("apps", description="Applications", vpc_id=vpc.id)
cache_group = aws.ec2.SecurityGroup(
    "cache", description="The cache", vpc_id=vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 6379, "to_port": 6379, "security_groups": [apps.id]}],
)
""",
    "rules apart, from a private network": """
cache_group = aws.ec2.SecurityGroup("cache", description="The cache", vpc_id=vpc.id)
aws.vpc.SecurityGroupIngressRule(
    "apps", security_group_id=cache_group.id, cidr_ipv4="10.0.0.0/8", ip_protocol="tcp", from_port=6379, to_port=6379
)
""",
    "rules apart, of the old kind, from itself": """
cache_group = aws.ec2.SecurityGroup("cache", description="The cache", vpc_id=vpc.id)
aws.ec2.SecurityGroupRule(
    "apps", type="ingress", security_group_id=cache_group.id, self=True, protocol="tcp", from_port=6379, to_port=6379
)
""",
    "open to the world on a port that is not the cache's": """
cache_group = aws.ec2.SecurityGroup(
    "cache", description="The cache", vpc_id=vpc.id,
    ingress=[
        {"protocol": "tcp", "from_port": 6379, "to_port": 6379, "cidr_blocks": ["10.0.0.0/16"]},
        {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]},
        {"protocol": "icmp", "from_port": -1, "to_port": -1, "cidr_blocks": ["0.0.0.0/0"]},
        {"protocol": "udp", "from_port": 0, "to_port": 65535, "cidr_blocks": ["0.0.0.0/0"]},
    ],
)
""",
    "an answer to one network": """
cache_group = aws.ec2.SecurityGroup(
    "cache", description="The cache", vpc_id=vpc.id,
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["10.0.0.0/16"]}],
)
""",
}

LOGS = """
logs = [
    {
        "destination": aws.cloudwatch.LogGroup(kind, name=f"/caches/{kind}", retention_in_days=30).name,
        "destination_type": "cloudwatch-logs",
        "log_format": "json",
        "log_type": kind,
    }
    for kind in ("slow-log", "engine-log")
]
"""
COMMON = """
common = dict(
    description="Sessions",
    node_type="cache.r7g.large",
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    subnet_group_name=subnet_group.name,
    security_group_ids=[cache_group.id],
    snapshot_retention_limit=7,
    snapshot_window="03:00-04:00",
    maintenance_window="sun:05:00-sun:06:00",
    final_snapshot_identifier="sessions-final",
    log_delivery_configurations=logs,
    tags={"owner": "shop"},
)
token = pulumi.Config().require_secret("token")
"""
ALARMS = """
topic = aws.sns.Topic("on-call", kms_master_key_id="alias/aws/sns")
aws.sns.TopicSubscription("on-call", topic=topic.arn, protocol="email", endpoint="on-call@example.com")


def alarm(name, metric, dimensions, threshold=80):
    aws.cloudwatch.MetricAlarm(
        name, namespace="AWS/ElastiCache", metric_name=metric, dimensions=dimensions,
        comparison_operator="GreaterThanThreshold", statistic="Average", period=60, evaluation_periods=5,
        threshold=threshold, alarm_actions=[topic.arn],
    )
"""
NODE_ALARMS = """
for metric in ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage"):
    alarm(metric, metric, {"CacheClusterId": pulumi.Output.concat(cache.id, "-001")})
"""

CACHES = {
    "Redis OSS with a token": """
parameters = aws.elasticache.ParameterGroup(
    "sessions", family="redis7", parameters=[{"name": "maxmemory-policy", "value": "allkeys-lru"}]
)
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="redis", engine_version="7.1", num_cache_clusters=2, auth_token=token,
    parameter_group_name=parameters.name, **common,
)
""",
    "Valkey with users, of which one is by its id": """
parameters = aws.elasticache.ParameterGroup(
    "sessions", family="valkey8", parameters=[{"name": "maxmemory-policy", "value": "volatile-lru"}]
)
user = aws.elasticache.User(
    "app", user_id="app", user_name="app", engine="valkey", access_string="on ~app:* +@read +@write -@dangerous",
    authentication_mode={"type": "iam"},
)
users = aws.elasticache.UserGroup("users", user_group_id="users", engine="valkey", user_ids=[user.user_id, "another"])
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="valkey", engine_version="8.0", num_cache_clusters=3, user_group_ids=[users.id],
    parameter_group_name=parameters.name, **common,
)
""",
    "shards with zones, by the parameter group's cluster mode": """
parameters = aws.elasticache.ParameterGroup(
    "sessions", family="valkey8",
    parameters=[
        {"name": "cluster-enabled", "value": "yes"},
        {"name": "maxmemory-policy", "value": "allkeys-lfu"},
    ],
)
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="valkey", engine_version="8.1", auth_token=token, parameter_group_name=parameters.name,
    node_group_configurations=[
        {
            "node_group_id": "0001",
            "primary_availability_zone": "eu-west-1a",
            "replica_availability_zones": ["eu-west-1b"],
            "replica_count": 1,
            "slots": "0-8191",
        },
        {
            "node_group_id": "0002",
            "primary_availability_zone": "eu-west-1b",
            "replica_availability_zones": ["eu-west-1a"],
            "replica_count": 1,
            "slots": "8192-16383",
        },
    ],
    **common,
)
""",
}

BASE = PLAIN_NETWORK + GROUP + SECURITY_GROUPS["rules apart, from a private network"] + LOGS + COMMON + ALARMS

PROGRAMS = {
    **{
        f"network: {name}": text
        + GROUP
        + SECURITY_GROUPS["rules inline, from a group"]
        + LOGS
        + COMMON
        + ALARMS
        + CACHES["Redis OSS with a token"]
        + NODE_ALARMS
        for name, text in NETWORKS.items()
    },
    **{
        f"security group: {name}": PLAIN_NETWORK
        + GROUP
        + text
        + LOGS
        + COMMON
        + ALARMS
        + CACHES["Redis OSS with a token"]
        + NODE_ALARMS
        for name, text in SECURITY_GROUPS.items()
    },
    **{f"cache: {name}": BASE + text + NODE_ALARMS for name, text in CACHES.items()},
    "cache: Memcached": BASE
    + """
parameters = aws.elasticache.ParameterGroup("pages", family="memcached1.6")
memcached_group = aws.ec2.SecurityGroup(
    "pages", description="Pages", vpc_id=vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 11211, "to_port": 11211, "cidr_blocks": ["10.0.0.0/16"]}],
)
pages = aws.elasticache.Cluster(
    "pages", engine="memcached", engine_version="1.6.22", node_type="cache.m7g.large", num_cache_nodes=2,
    az_mode="cross-az", transit_encryption_enabled=True, parameter_group_name=parameters.name,
    subnet_group_name=subnet_group.name, security_group_ids=[memcached_group.id],
    maintenance_window="sun:05:00-sun:06:00", tags={"owner": "shop"},
)
alarm("pages", "CPUUtilization", {"CacheClusterId": pages.cluster_id})
""",
    "cache: serverless Memcached, which has neither users nor a final snapshot": BASE
    + """
memcached_group = aws.ec2.SecurityGroup(
    "pages", description="Pages", vpc_id=vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 11211, "to_port": 11212, "cidr_blocks": ["10.0.0.0/16"]}],
)
pages = aws.elasticache.ServerlessCache(
    "pages", name="pages", engine="memcached", major_engine_version="1.6",
    cache_usage_limits={"data_storage": {"maximum": 5, "unit": "GB"}, "ecpu_per_seconds": [{"maximum": 5000}]},
    subnet_ids=[one.id for one in subnets], security_group_ids=[memcached_group.id], tags={"owner": "shop"},
)
alarm("pages", "ThrottledCmds", {"clusterId": "pages"}, 0)
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="redis", engine_version="7.1", num_cache_clusters=2, auth_token=token,
    parameter_group_name="sessions", **common,
)
"""
    + NODE_ALARMS,
    "tags by the provider": BASE
    + """
tagged = aws.Provider("tagged", region="eu-west-1", default_tags={"tags": {"owner": "shop"}})
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="redis", engine_version="7.1", num_cache_clusters=2, auth_token=token,
    parameter_group_name="sessions", opts=pulumi.ResourceOptions(provider=tagged), **{**common, "tags": None},
)
"""
    + NODE_ALARMS,
    "a component of somebody else": PLAIN_NETWORK.replace("vpc = ", "vpc = ")
    + GROUP
    + SECURITY_GROUPS["rules apart, from a private network"]
    + LOGS
    + COMMON
    + ALARMS
    + """
class Cache(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("shop:caches:Cache", name)
        own = pulumi.ResourceOptions(parent=self)
        self.group = aws.elasticache.ReplicationGroup(
            name, engine="redis", engine_version="7.1", num_cache_clusters=2, auth_token=token,
            parameter_group_name="sessions", opts=own, **common,
        )
        self.register_outputs({"id": self.group.id})


cache = Cache("sessions").group
"""
    + NODE_ALARMS,
    "alarms by metric queries and through a composite alarm": BASE
    + CACHES["Redis OSS with a token"]
    + """
parts = [
    aws.cloudwatch.MetricAlarm(
        metric, name=metric, comparison_operator="GreaterThanThreshold", evaluation_periods=5, threshold=80,
        metric_queries=[
            {
                "id": "m",
                "return_data": True,
                "metric": {
                    "namespace": "AWS/ElastiCache",
                    "metric_name": metric,
                    "dimensions": {"CacheClusterId": pulumi.Output.concat(cache.id, "-002")},
                    "stat": "Average",
                    "period": 60,
                },
            }
        ],
    )
    for metric in ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage")
]
aws.cloudwatch.CompositeAlarm(
    "cache", alarm_name="cache", alarm_actions=[topic.arn],
    alarm_rule="ALARM(EngineCPUUtilization) OR ALARM(DatabaseMemoryUsagePercentage)",
)
""",
    "alarms by the members that AWS tells": BASE
    + CACHES["Redis OSS with a token"]
    + """
for metric in ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage"):
    alarm(metric, metric, {"CacheClusterId": cache.member_clusters[0], "CacheNodeId": "0001"})
""",
    "a global datastore whose secondary says only what it may": BASE
    + CACHES["Redis OSS with a token"]
    + NODE_ALARMS
    + """
everywhere = aws.elasticache.GlobalReplicationGroup(
    "sessions", global_replication_group_id_suffix="sessions", primary_replication_group_id=cache.id
)
west = "us-west-2"
west_vpc = aws.ec2.Vpc("west", cidr_block="10.1.0.0/16", region=west)
west_subnets = [
    aws.ec2.Subnet(
        zone, vpc_id=west_vpc.id, cidr_block=f"10.1.{index}.0/24", availability_zone=zone, region=west
    )
    for index, zone in enumerate(["us-west-2a", "us-west-2b"])
]
aws.elasticache.ReplicationGroup(
    "sessions-west",
    description="Sessions",
    region=west,
    global_replication_group_id=everywhere.global_replication_group_id,
    num_cache_clusters=2,
    subnet_group_name=aws.elasticache.SubnetGroup(
        "west", subnet_ids=[one.id for one in west_subnets], region=west
    ).name,
    security_group_ids=[
        aws.ec2.SecurityGroup("west", description="Sessions", vpc_id=west_vpc.id, region=west).id
    ],
    snapshot_retention_limit=7,
    snapshot_window="09:00-10:00",
    maintenance_window="sun:10:00-sun:11:00",
    tags={"owner": "shop"},
)
""",
    "a key by an alias, and secrets that have it, too": BASE
    + """
key = aws.kms.Key("caches", enable_key_rotation=True)
alias = aws.kms.Alias("caches", name="alias/caches", target_key_id=key.id)
logs = [
    {
        "destination": aws.cloudwatch.LogGroup(
            f"own-{kind}", name=f"/own/{kind}", retention_in_days=30, kms_key_id=key.arn
        ).name,
        "destination_type": "cloudwatch-logs",
        "log_format": "json",
        "log_type": kind,
    }
    for kind in ("slow-log", "engine-log")
]
secret = aws.secretsmanager.Secret("token", kms_key_id=alias.arn)
aws.secretsmanager.SecretVersion("token", secret_id=secret.id, secret_string=token)
cache = aws.elasticache.ReplicationGroup(
    "sessions", engine="redis", engine_version="7.1", num_cache_clusters=2, auth_token=token,
    parameter_group_name="sessions", kms_key_id=alias.target_key_arn,
    **{**common, "log_delivery_configurations": logs},
)
"""
    + NODE_ALARMS,
    "members beside their group": BASE
    + CACHES["Redis OSS with a token"]
    + NODE_ALARMS
    + """
aws.elasticache.Cluster("member", replication_group_id=cache.id)
""",
    "other services' resources": BASE
    + CACHES["Redis OSS with a token"]
    + NODE_ALARMS
    + """
aws.ec2.SecurityGroup(
    "web", vpc_id=vpc.id,
    ingress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
aws.kms.Key("others")
aws.ssm.Parameter("others", type="String", value="https://shop.example.com")
aws.sns.Topic("others")
aws.cloudwatch.LogGroup("others")
aws.cloudwatch.MetricAlarm(
    "others", namespace="AWS/RDS", metric_name="FreeStorageSpace", dimensions={"DBInstanceIdentifier": "orders"},
    comparison_operator="LessThanThreshold", statistic="Average", period=300, evaluation_periods=1, threshold=1,
)
aws.appautoscaling.Target(
    "others", service_namespace="ecs", resource_id="service/a/b", scalable_dimension="ecs:service:DesiredCount",
    min_capacity=1, max_capacity=1,
)
""",
}


def found(program, environment=Environment.PROD):
    """Return what the rules find that are on by default, and what the provider refuses."""
    evaluation = Evaluation(
        registry.rules(), Configuration(environment), date(2026, 11, 23), program.region, program.sources
    )
    return [f"{one.status} {one.policy}: {one.name}: {one.message}" for one in evaluation.findings(program.graph)] + [
        f"refused {one.property}: {one.reason}" for one in program.refusals
    ]


TOKEN = {"example:token": "kT7-wq2Zr9hmP4xL8vB1"}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_nothing_is_found_in_a_program_that_is_right(checked, text):
    """There is no finding, nothing undecided and nothing refused."""
    assert found(checked(text, TOKEN)) == []


ELSEWHERE = {
    "literal ids": """
subnet_group = aws.elasticache.SubnetGroup("caches", subnet_ids=["subnet-1", "subnet-2"])
cache_group_id = "sg-1"
""",
    "a function": """
found = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": ["vpc-1"]}])
subnet_group = aws.elasticache.SubnetGroup("caches", subnet_ids=found.ids)
cache_group_id = aws.ec2.get_security_group(name="caches").id
""",
    "another stack": """
network = pulumi.StackReference("acme/network/prod")
subnet_group = aws.elasticache.SubnetGroup("caches", subnet_ids=network.require_output("subnet_ids"))
cache_group_id = network.require_output("cache_group_id")
""",
}


@pytest.mark.parametrize("text", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_network_of_elsewhere_is_undecided_and_no_violation(checked, text):
    """What is not in the stack is told as unknown, of the subnets, their zones and the security groups alone."""
    program = checked(
        text
        + LOGS
        + COMMON.replace("cache_group.id", "cache_group_id")
        + ALARMS
        + CACHES["Redis OSS with a token"]
        + NODE_ALARMS,
        TOKEN,
    )
    assert sorted(" ".join(one.split(": ")[:2]) for one in found(program)) == [
        "unknown cache-port-exposure sessions",
        "unknown cache-private-subnets caches",
        "unknown subnet-group-spans-zones caches",
    ]


def test_a_small_cache_for_development_is_right(checked):
    """Without replicas, snapshots, alarms and logs, on a burstable node; encrypted, private and with a token."""
    program = checked(
        textwrap.dedent(PLAIN_NETWORK)
        + GROUP
        + SECURITY_GROUPS["rules inline, from a group"]
        + """
aws.elasticache.ReplicationGroup(
    "sessions", description="Sessions", engine="valkey", engine_version="8.1", node_type="cache.t4g.small",
    num_cache_clusters=1, at_rest_encryption_enabled=True, transit_encryption_enabled=True,
    auth_token=pulumi.Config().require_secret("token"), subnet_group_name=subnet_group.name,
    security_group_ids=[cache_group.id], tags={"owner": "shop"},
)
""",
        TOKEN,
    )
    assert found(program, Environment.DEV) == []
