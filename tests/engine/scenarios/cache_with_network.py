"""A cache in its network is made, changed in place, replaced and destroyed."""

from conformance.scenario import Scenario, destroy, preview, up

PROGRAM = """
import pulumi_aws as aws
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="us-east-1a")
subnets = aws.elasticache.SubnetGroup("subnets", subnet_ids=[subnet.id])
cache = aws.elasticache.ReplicationGroup(
    "cache", replication_group_id="conforming", description=%r, engine="valkey", node_type="cache.t4g.micro",
    num_cache_clusters=1, subnet_group_name=subnets.name, port=%r, apply_immediately=True,
    transit_encryption_enabled=True, auth_token=pulumi.Output.secret("a-token-of-some-length"))
pulumi.export("endpoint", cache.primary_endpoint_address)
"""

SCENARIO = Scenario(
    up(PROGRAM % ("one", 6379)), up(PROGRAM % ("two", 6379)), preview(PROGRAM % ("two", 6380)), up(), destroy()
)
