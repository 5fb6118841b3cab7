"""A thing that goes from the default provider to an explicit one of the same configuration."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", value=1)"""),
    up("""
        here = Provider("here", region="here")
        Thing("first", value=1, opts=pulumi.ResourceOptions(provider=here))
    """),
    up("""Thing("first", value=1)"""),
)
