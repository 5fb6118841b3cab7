"""The program of `program.py` as a CDK application, checked by cdk-nag while it is synthesised."""

import os
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from cdk_nag import AwsSolutionsChecks

METRICS: Final = ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "CurrConnections", "Evictions")


def cache(stack: cdk.Stack, name: str) -> None:
    """Add a cache and what belongs to it: 8 resources."""
    group = ec2.CfnSecurityGroup(stack, f"{name}-group", group_description=name, vpc_id="vpc-0123")
    subnets = elasticache.CfnSubnetGroup(stack, f"{name}-subnets", description=name, subnet_ids=["subnet-0123"])
    parameters = elasticache.CfnParameterGroup(
        stack, f"{name}-parameters", cache_parameter_group_family="valkey8", description=name
    )
    group_of_nodes = elasticache.CfnReplicationGroup(
        stack,
        name,
        replication_group_description=name,
        engine="valkey",
        engine_version="8.1",
        cache_node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        cache_parameter_group_name=parameters.ref,
        cache_subnet_group_name=subnets.ref,
        security_group_ids=[group.attr_group_id],
    )
    for metric in METRICS:
        cloudwatch.CfnAlarm(
            stack,
            f"{name}-{metric}",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=5,
            metric_name=metric,
            namespace="AWS/ElastiCache",
            period=60,
            statistic="Average",
            threshold=80,
            dimensions=[cloudwatch.CfnAlarm.DimensionProperty(name="CacheClusterId", value=group_of_nodes.ref)],
        )


def main() -> None:
    """Synthesise as many caches as CACHES says, with the checks unless CHECKED is 0."""
    # CloudFormation's own limit of 500 resources a stack would split what is one program elsewhere.
    app = cdk.App(context={"@aws-cdk/core:stackResourceLimit": 0}, outdir=os.environ["OUT"], analytics_reporting=False)
    stack = cdk.Stack(app, "bench")
    for number in range(int(os.environ["CACHES"])):
        cache(stack, f"cache-{number}")
    if os.environ.get("CHECKED", "1") == "1":
        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    app.synth()


if __name__ == "__main__":
    main()
