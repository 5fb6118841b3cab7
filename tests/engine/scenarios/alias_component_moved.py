"""A component that moves into another takes its children with it."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        box = Box("box")
        Thing("leaf", value=1, opts=pulumi.ResourceOptions(parent=box))
    """),
    up("""
        house = Box("house", type="test:index:House")
        box = Box("box", pulumi.ResourceOptions(parent=house, aliases=[pulumi.Alias(parent=None)]))
        Thing("leaf", value=1, opts=pulumi.ResourceOptions(parent=box))
    """),
)
