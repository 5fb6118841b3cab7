"""A thing that is renamed and replaced at once."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        old = Thing("old", key="a")
        Thing("user", value=old.arn)
    """),
    up("""
        new = Thing("new", key="b", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        Thing("user", value=new.arn)
    """),
)
