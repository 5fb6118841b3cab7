"""Components, their children, and what hangs on both are destroyed from the leaves."""

from conformance.scenario import Scenario, destroy, up

SCENARIO = Scenario(
    up("""
        outer = Box("outer")
        inner = Box("inner", pulumi.ResourceOptions(parent=outer))
        leaf = Thing("leaf", value=1, opts=pulumi.ResourceOptions(parent=inner))
        Thing("apart", value=leaf.arn, opts=pulumi.ResourceOptions(depends_on=[outer]))
    """),
    destroy(),
    up(),
)
