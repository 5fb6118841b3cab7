"""A function of what is not made yet waits for the update."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    preview("""
        import pulumi_aws as aws
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        found = aws.ec2.get_vpc_output(id=vpc.id)
        pulumi.export("block", found.cidr_block)
    """),
    up(),
)
