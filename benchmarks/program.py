"""A program of N caches, 8 resources each, for the measurements: written to a folder of its own by `run.py`."""

PROGRAM = """
import os
import pulumi
from pulumi_aws import elasticache, ec2, cloudwatch

for number in range(int(os.environ["CACHES"])):
    name = f"cache-{number}"
    group = ec2.SecurityGroup(name, vpc_id="vpc-0123")
    subnets = elasticache.SubnetGroup(name, subnet_ids=["subnet-0123"])
    parameters = elasticache.ParameterGroup(name, family="valkey8")
    cache = elasticache.ReplicationGroup(
        name,
        description=name,
        engine="valkey",
        engine_version="8.1",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        parameter_group_name=parameters.name,
        subnet_group_name=subnets.name,
        security_group_ids=[group.id],
    )
    for metric in ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "CurrConnections", "Evictions"):
        cloudwatch.MetricAlarm(
            f"{name}-{metric}",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=5,
            metric_name=metric,
            namespace="AWS/ElastiCache",
            period=60,
            statistic="Average",
            threshold=80,
            dimensions={"CacheClusterId": cache.id},
        )
"""
