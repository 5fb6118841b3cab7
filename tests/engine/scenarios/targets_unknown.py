"""A target that the stack does not hold is an error."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", value=1)"""),
    up("""Thing("first", value=2)""", targets=("urn:pulumi:dev::conformance::test:index:Thing::frist",), fails=True),
    up(),
)
