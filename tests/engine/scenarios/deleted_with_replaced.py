"""What goes with a thing that is replaced."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", name="fixed", key=%r)
Thing("second", key=first.arn, opts=pulumi.ResourceOptions(deleted_with=first))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"))
