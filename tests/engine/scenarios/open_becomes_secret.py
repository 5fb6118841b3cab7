"""A value that is a secret from now on."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", value="x")"""),
    up("""Thing("first", value=pulumi.Output.secret("x"))"""),
)
