"""What the program no longer names is deleted, dependants before what they depend on."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    up("""
        first = Thing("first", value=1)
        second = Thing("second", value=first.arn)
        Thing("third", opts=pulumi.ResourceOptions(depends_on=[second]))
        Thing("kept", value=1)
    """),
    preview("""Thing("kept", value=1)"""),
    up(),
)
