"""Explicit dependencies, on components too, and those that values carry, stand in the state."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        box = Box("box")
        inside = Thing("inside", value=1, opts=pulumi.ResourceOptions(parent=box))
        first = Thing("first", value=1, opts=pulumi.ResourceOptions(depends_on=[box]))
        Thing("second", value=pulumi.Output.all(first.arn, inside.arn).apply(lambda pair: "-".join(pair)),
              tags={"a": {"b": first.name}}, opts=pulumi.ResourceOptions(depends_on=[inside]))
    """),
    up(),
)
