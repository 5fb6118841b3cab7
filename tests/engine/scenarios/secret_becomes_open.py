"""A value that is no secret any more."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", value=pulumi.Output.secret("x"))"""),
    up("""Thing("first", value="x")"""),
)
