"""Every kind of cache and what surrounds it, with raw resources and nothing wrong.

The tests plant one fault at a time in it.
"""

import pulumi
import pulumi_aws as aws
from surroundings.keys import key
from surroundings.network import TAGS, network
from surroundings.telling import MEMCACHED, NODE, SERVERLESS, alarms, logs, topic

REGION = "us-east-1"
PROTECTED = pulumi.ResourceOptions(protect=True)
config = pulumi.Config()

here = network("main", REGION, 20)
zones = [f"{REGION}{zone}" for zone in "abc"]
cache_key = key("caches", REGION)
on_call = topic("on-call", REGION, cache_key)
subnet_group = aws.elasticache.SubnetGroup(
    "caches", description="Private subnets", subnet_ids=[one.id for one in here.private], tags=TAGS
)

# Sessions: one shard of Valkey with a token. Its security group has its rules inline.
session_group = aws.ec2.SecurityGroup(
    "sessions",
    description="The sessions cache",
    vpc_id=here.vpc.id,
    ingress=[
        {
            "description": "Applications",
            "protocol": "tcp",
            "from_port": 6379,
            "to_port": 6379,
            "security_groups": [here.applications.id],
        },
        {
            "description": "Machines of the offices, by the private line",
            "protocol": "tcp",
            "from_port": 6379,
            "to_port": 6379,
            "cidr_blocks": ["10.200.0.0/16"],
        },
    ],
    tags=TAGS,
)
session_token = config.require_secret("session-token")
session_secret = aws.secretsmanager.Secret(
    "sessions", name="sessions-token", kms_key_id=cache_key.arn, recovery_window_in_days=30, tags=TAGS
)
aws.secretsmanager.SecretVersion("sessions", secret_id=session_secret.id, secret_string=session_token)
aws.secretsmanager.SecretRotation(
    "sessions",
    secret_id=session_secret.id,
    rotation_lambda_arn=f"arn:aws:lambda:{REGION}:123456789012:function:rotate-tokens",
    rotation_rules={"automatically_after_days": 30},
)
session_parameters = aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    description="Sessions that expire",
    parameters=[
        {"name": "maxmemory-policy", "value": "volatile-ttl"},
        {"name": "reserved-memory-percent", "value": "30"},
        {"name": "timeout", "value": "300"},
        {"name": "slowlog-log-slower-than", "value": "10000"},
    ],
    tags=TAGS,
)
sessions = aws.elasticache.ReplicationGroup(
    "sessions",
    replication_group_id="sessions",
    description="Sessions of signed-in users",
    engine="valkey",
    engine_version="8.1",
    node_type="cache.r7g.large",
    num_cache_clusters=3,
    preferred_cache_cluster_azs=zones,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    auto_minor_version_upgrade=True,
    at_rest_encryption_enabled=True,
    kms_key_id=cache_key.arn,
    transit_encryption_enabled=True,
    transit_encryption_mode="required",
    auth_token=session_token,
    auth_token_update_strategy="ROTATE",
    parameter_group_name=session_parameters.name,
    subnet_group_name=subnet_group.name,
    security_group_ids=[session_group.id],
    snapshot_retention_limit=15,
    snapshot_window="03:00-05:00",
    maintenance_window="mon:05:00-mon:07:00",
    final_snapshot_identifier="sessions-final",
    notification_topic_arn=on_call.arn,
    log_delivery_configurations=logs("sessions", cache_key),
    tags=TAGS,
    opts=PROTECTED,
)
for number in (1, 2, 3):
    alarms(f"sessions-{number}", NODE, {"CacheClusterId": f"sessions-{number:03d}"}, on_call)

# Orders: shards of Redis OSS with users. Its security group has its rules apart.
order_group = aws.ec2.SecurityGroup("orders", description="The orders cache", vpc_id=here.vpc.id, tags=TAGS)
aws.vpc.SecurityGroupIngressRule(
    "orders-from-applications",
    description="Applications",
    security_group_id=order_group.id,
    referenced_security_group_id=here.applications.id,
    ip_protocol="tcp",
    from_port=6380,
    to_port=6380,
    tags=TAGS,
)
nobody = aws.elasticache.User(
    "nobody",
    user_id="orders-nobody",
    user_name="default",
    engine="redis",
    access_string="off -@all",
    authentication_mode={"type": "password", "passwords": [config.require_secret("nobody-password")]},
    tags=TAGS,
)
reader = aws.elasticache.User(
    "order-reader",
    user_id="order-reader",
    user_name="order-reader",
    engine="redis",
    access_string="on ~orders:* -@all +@read +@connection -keys",
    authentication_mode={"type": "password", "passwords": [config.require_secret("reader-password")]},
    tags=TAGS,
)
writer = aws.elasticache.User(
    "order-writer",
    user_id="order-writer",
    user_name="order-writer",
    engine="redis",
    access_string="on ~orders:* ~carts:* -@all +@read +@write +@connection -@dangerous",
    passwords=[config.require_secret("writer-password")],
    tags=TAGS,
)
administrator = aws.elasticache.User(
    "order-administrator",
    user_id="order-administrator",
    user_name="order-administrator",
    engine="redis",
    access_string="on ~orders:* &orders:* +@all -@dangerous (%R~reports:* +@read -keys)",
    authentication_mode={"type": "password", "passwords": [config.require_secret("administrator-password")]},
    tags=TAGS,
)
checkout = aws.elasticache.User(
    "checkout",
    user_id="checkout",
    user_name="checkout",
    engine="redis",
    access_string="on ~orders:* -@all +@read +@write -@dangerous",
    authentication_mode={"type": "iam"},
    tags=TAGS,
)
order_users = aws.elasticache.UserGroup(
    "orders",
    user_group_id="orders",
    engine="redis",
    user_ids=[one.user_id for one in (nobody, reader, writer, administrator)],
    tags=TAGS,
)
aws.elasticache.UserGroupAssociation("checkout", user_group_id=order_users.user_group_id, user_id=checkout.user_id)
order_parameters = aws.elasticache.ParameterGroup(
    "orders",
    family="redis7",
    description="Orders that must not expire",
    parameters=[
        {"name": "cluster-enabled", "value": "yes"},
        {"name": "maxmemory-policy", "value": "allkeys-lru"},
        {"name": "reserved-memory-percent", "value": "25"},
        {"name": "timeout", "value": "600"},
        {"name": "tcp-keepalive", "value": "300"},
        {"name": "notify-keyspace-events", "value": "Ex"},
    ],
    tags=TAGS,
)
orders = aws.elasticache.ReplicationGroup(
    "orders",
    replication_group_id="orders",
    description="Orders that are being made",
    engine="redis",
    engine_version="7.1",
    node_type="cache.r7g.large",
    num_node_groups=2,
    replicas_per_node_group=1,
    port=6380,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    at_rest_encryption_enabled=True,
    kms_key_id=cache_key.arn,
    transit_encryption_enabled=True,
    user_group_ids=[order_users.user_group_id],
    parameter_group_name=order_parameters.name,
    subnet_group_name=subnet_group.name,
    security_group_ids=[order_group.id],
    snapshot_retention_limit=35,
    snapshot_window="02:00-03:00",
    maintenance_window="tue:05:00-tue:07:00",
    final_snapshot_identifier="orders-final",
    notification_topic_arn=on_call.arn,
    log_delivery_configurations=logs("orders", cache_key),
    tags=TAGS,
    opts=PROTECTED,
)
for shard in (1, 2):
    for node in (1, 2):
        alarms(f"orders-{shard}-{node}", NODE, {"CacheClusterId": f"orders-{shard:04d}-{node:03d}"}, on_call)
shards = aws.appautoscaling.Target(
    "orders",
    service_namespace="elasticache",
    resource_id=orders.replication_group_id.apply(lambda group: f"replication-group/{group}"),
    scalable_dimension="elasticache:replication-group:NodeGroups",
    min_capacity=2,
    max_capacity=6,
)
aws.appautoscaling.Policy(
    "orders",
    service_namespace=shards.service_namespace,
    resource_id=shards.resource_id,
    scalable_dimension=shards.scalable_dimension,
    policy_type="TargetTrackingScaling",
    target_tracking_scaling_policy_configuration={
        "predefined_metric_specification": {"predefined_metric_type": "ElastiCachePrimaryEngineCPUUtilization"},
        "target_value": 60,
    },
)

# Pages: Memcached. Its security group has rules of the old kind.
page_group = aws.ec2.SecurityGroup("pages", description="The pages cache", vpc_id=here.vpc.id, tags=TAGS)
aws.ec2.SecurityGroupRule(
    "pages-from-applications",
    description="Applications",
    type="ingress",
    security_group_id=page_group.id,
    source_security_group_id=here.applications.id,
    protocol="tcp",
    from_port=11211,
    to_port=11211,
)
page_parameters = aws.elasticache.ParameterGroup(
    "pages",
    family="memcached1.6",
    description="Rendered pages",
    parameters=[{"name": "idle_timeout", "value": "3600"}],
    tags=TAGS,
)
pages = aws.elasticache.Cluster(
    "pages",
    cluster_id="pages",
    engine="memcached",
    engine_version="1.6.22",
    node_type="cache.r7g.large",
    num_cache_nodes=3,
    az_mode="cross-az",
    preferred_availability_zones=zones,
    transit_encryption_enabled=True,
    parameter_group_name=page_parameters.name,
    subnet_group_name=subnet_group.name,
    security_group_ids=[page_group.id],
    maintenance_window="wed:05:00-wed:07:00",
    notification_topic_arn=on_call.arn,
    tags=TAGS,
    opts=PROTECTED,
)
alarms("pages", MEMCACHED, {"CacheClusterId": pages.cluster_id}, on_call)

# Carts: serverless, and its users come by IAM. Its clients come from a list of networks.
cart_clients = aws.ec2.ManagedPrefixList(
    "cart-clients",
    name="cart-clients",
    address_family="IPv4",
    max_entries=4,
    entries=[{"cidr": "10.20.10.0/23", "description": "Private subnets"}],
    tags=TAGS,
)
aws.ec2.ManagedPrefixListEntry(
    "cart-clients-c", prefix_list_id=cart_clients.id, cidr="10.20.12.0/24", description="The third private subnet"
)
cart_group = aws.ec2.SecurityGroup("carts", description="The carts cache", vpc_id=here.vpc.id, tags=TAGS)
aws.vpc.SecurityGroupIngressRule(
    "carts-from-clients",
    description="Applications, and their reads from replicas",
    security_group_id=cart_group.id,
    prefix_list_id=cart_clients.id,
    ip_protocol="tcp",
    from_port=6379,
    to_port=6380,
    tags=TAGS,
)
basket = aws.elasticache.User(
    "basket",
    user_id="basket",
    user_name="basket",
    engine="valkey",
    access_string="on ~carts:* +@read +@write -@dangerous",
    authentication_mode={"type": "iam"},
    tags=TAGS,
)
cart_users = aws.elasticache.UserGroup(
    "carts", user_group_id="carts", engine="valkey", user_ids=[basket.user_id], tags=TAGS
)
carts = aws.elasticache.ServerlessCache(
    "carts",
    name="carts",
    description="Carts",
    engine="valkey",
    major_engine_version="8",
    cache_usage_limits={
        "data_storage": {"maximum": 10, "unit": "GB"},
        "ecpu_per_seconds": [{"maximum": 5000}],
    },
    kms_key_id=cache_key.arn,
    user_group_id=cart_users.user_group_id,
    subnet_ids=[one.id for one in here.private],
    security_group_ids=[cart_group.id],
    snapshot_retention_limit=15,
    daily_snapshot_time="03:00",
    tags=TAGS,
    opts=PROTECTED,
)
alarms("carts", SERVERLESS, {"clusterId": carts.name}, on_call)

# The catalogue: Valkey in two regions.
catalogue_group = aws.ec2.SecurityGroup(
    "catalogue",
    description="The catalogue cache",
    vpc_id=here.vpc.id,
    ingress=[
        {
            "description": "Applications",
            "protocol": "tcp",
            "from_port": 6379,
            "to_port": 6379,
            "security_groups": [here.applications.id],
        }
    ],
    tags=TAGS,
)
catalogue_parameters = aws.elasticache.ParameterGroup(
    "catalogue",
    family="valkey8",
    description="The catalogue",
    parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lfu"},
        {"name": "timeout", "value": "300"},
    ],
    tags=TAGS,
)
catalogue = aws.elasticache.ReplicationGroup(
    "catalogue",
    replication_group_id="catalogue",
    description="The catalogue, where it is written",
    engine="valkey",
    engine_version="8.1",
    node_type="cache.r7g.large",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    at_rest_encryption_enabled=True,
    kms_key_id=cache_key.arn,
    transit_encryption_enabled=True,
    auth_token=config.require_secret("catalogue-token"),
    parameter_group_name=catalogue_parameters.name,
    subnet_group_name=subnet_group.name,
    security_group_ids=[catalogue_group.id],
    snapshot_retention_limit=15,
    snapshot_window="03:00-04:00",
    maintenance_window="thu:05:00-thu:07:00",
    final_snapshot_identifier="catalogue-final",
    notification_topic_arn=on_call.arn,
    log_delivery_configurations=logs("catalogue", cache_key),
    tags=TAGS,
    opts=PROTECTED,
)
for number in (1, 2):
    alarms(
        f"catalogue-{number}",
        NODE,
        {"CacheClusterId": pulumi.Output.concat(catalogue.id, f"-00{number}"), "CacheNodeId": "0001"},
        on_call,
    )
catalogue_everywhere = aws.elasticache.GlobalReplicationGroup(
    "catalogue",
    global_replication_group_id_suffix="catalogue",
    global_replication_group_description="The catalogue, everywhere",
    primary_replication_group_id=catalogue.id,
    opts=PROTECTED,
)

WEST = "us-west-2"
west = aws.Provider("west", region=WEST, default_tags={"tags": TAGS})
in_west = pulumi.ResourceOptions(provider=west)
there = network("west", WEST, 21, in_west)
west_key = key("west-caches", WEST, in_west)
west_on_call = topic("west-on-call", WEST, west_key, in_west)
west_subnet_group = aws.elasticache.SubnetGroup(
    "west-caches", description="Private subnets", subnet_ids=[one.id for one in there.private], opts=in_west
)
west_group = aws.ec2.SecurityGroup(
    "west-catalogue", description="The catalogue cache, in the west", vpc_id=there.vpc.id, opts=in_west
)
aws.vpc.SecurityGroupIngressRule(
    "west-catalogue-from-applications",
    description="Applications",
    security_group_id=west_group.id,
    referenced_security_group_id=there.applications.id,
    ip_protocol="tcp",
    from_port=6379,
    to_port=6379,
    opts=in_west,
)
west_catalogue = aws.elasticache.ReplicationGroup(
    "west-catalogue",
    replication_group_id="west-catalogue",
    description="The catalogue, where it is read",
    global_replication_group_id=catalogue_everywhere.global_replication_group_id,
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    kms_key_id=west_key.arn,
    subnet_group_name=west_subnet_group.name,
    security_group_ids=[west_group.id],
    snapshot_retention_limit=15,
    snapshot_window="09:00-10:00",
    maintenance_window="fri:10:00-fri:11:00",
    notification_topic_arn=west_on_call.arn,
    log_delivery_configurations=logs("west-catalogue", west_key, in_west),
    opts=pulumi.ResourceOptions.merge(in_west, PROTECTED),
)
alarms(
    "west-catalogue",
    (*NODE, ("GlobalDatastoreReplicationLag", "Maximum", 60)),
    {"CacheClusterId": "west-catalogue-001"},
    west_on_call,
    in_west,
)

pulumi.export("sessions", sessions.primary_endpoint_address)
