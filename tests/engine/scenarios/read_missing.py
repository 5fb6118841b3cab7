"""A read of what does not exist fails."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(up("""Thing("found", opts=pulumi.ResourceOptions(id="nothing"))""", fails=True))
