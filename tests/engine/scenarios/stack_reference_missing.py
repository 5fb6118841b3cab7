"""A reference to a stack that does not exist fails."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""pulumi.StackReference("organization/conformance/nothing")""", fails=True, own_words=True),
)
