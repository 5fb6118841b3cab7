"""A function whose arguments are refused fails the run."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(up("""pulumi.export("text", greet("nobody"))""", fails=True))
