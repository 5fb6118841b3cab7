"""What is unchanged is left alone, on the engine that made it and on the other."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        import pulumi_aws as aws
        box = Box("box")
        inside = Thing("inside", value=1, opts=pulumi.ResourceOptions(parent=box))
        topic = aws.sns.Topic("unchanged", name="unchanged")
        pulumi.export("arn", topic.arn)
        pulumi.export("token", inside.token)
    """),
    up(),
)
