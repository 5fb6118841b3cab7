"""Another team's program: what it looks like to use the components, typed."""

import pulumi

import cachewright

network = pulumi.StackReference("organization/network/prod")
cache = cachewright.ReplicationGroup(
    "sessions",
    {
        "engine_version": "8.1",
        "node_type": "cache.r7g.large",
        "vpc_id": network.get_output("vpc_id"),
        "subnet_ids": network.get_output("subnet_ids"),
        "parameters": {"maxmemory-policy": "allkeys-lru"},
        "alarm_topic_arn": "arn:aws:sns:us-east-1:111122223333:alerts",
    },
)
cache.allow_from("sg-0123", "application")
users = cachewright.UserGroup("apps", {"users": [{"user_name": "orders", "access": "writer"}]})
endpoint: pulumi.Output[str] = cache.endpoint
port: pulumi.Output[int] = cache.port
pulumi.export("url", cache.url_template)
pulumi.export("users", users.user_ids)
