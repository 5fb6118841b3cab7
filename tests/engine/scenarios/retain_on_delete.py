"""What is retained leaves the state and stays in the world; what replaces it is made beside it."""

from conformance.scenario import Scenario, destroy, up

PROGRAM = """
Thing("first", key=%r, opts=pulumi.ResourceOptions(retain_on_delete=True))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"), up(""), up(PROGRAM % "c"), destroy(), up(PROGRAM % "d"))
