"""A delete that fails keeps the thing in the state; then it is repaired."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", value=1, fail="delete")"""),
    up("", fails=True),
    up("""Thing("first", value=2)"""),
    up(""),
)
