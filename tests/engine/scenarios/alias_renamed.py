"""A thing with a new name is the old one, where an alias says so."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        old = Thing("old", value=1)
        Thing("user", value=old.arn)
    """),
    up("""
        new = Thing("new", value=1, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        Thing("user", value=new.arn)
    """),
    up("""
        new = Thing("new", value=2)
        Thing("user", value=new.arn)
    """),
)
