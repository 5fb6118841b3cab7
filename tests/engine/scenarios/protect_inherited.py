"""Children of a protected component are protected, too."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        box = Box("box", pulumi.ResourceOptions(protect=True))
        Thing("inside", value=1, opts=pulumi.ResourceOptions(parent=box))
    """),
    up("""Box("box", pulumi.ResourceOptions(protect=True))""", fails=True),
)
