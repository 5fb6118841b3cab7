"""What goes with another thing is not deleted by itself when both go, and is when it goes alone."""

from conformance.scenario import Scenario, destroy, up

BOTH = """
first = Thing("first", value=1)
Thing("second", value=1, opts=pulumi.ResourceOptions(deleted_with=first))
"""

SCENARIO = Scenario(up(BOTH), up("""Thing("first", value=1)"""), up(BOTH), destroy(), up(BOTH))
