"""A key that would replace is ignored; without the option it replaces."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", key="a", opts=pulumi.ResourceOptions(ignore_changes=["key"]))"""),
    up("""Thing("first", key="b", opts=pulumi.ResourceOptions(ignore_changes=["key"]))"""),
    up("""Thing("first", key="b")"""),
)
