"""A thing that moves into a component is the old one, where an alias says so."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("one", value=1)"""),
    up("""
        box = Box("box")
        Thing("one", value=1, opts=pulumi.ResourceOptions(
            parent=box, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))
    """),
    up("""Thing("one", value=1, opts=pulumi.ResourceOptions(
        aliases=["urn:pulumi:dev::conformance::test:index:Box$test:index:Thing::one"]))"""),
)
