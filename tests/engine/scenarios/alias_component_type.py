"""A component whose type changes takes its children with it."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        box = Box("box")
        Thing("leaf", value=1, opts=pulumi.ResourceOptions(parent=box))
    """),
    up("""
        box = Box("box", pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="test:index:Box")]), type="test:new:Box")
        Thing("leaf", value=2, opts=pulumi.ResourceOptions(parent=box))
    """),
)
