"""Timeouts of operations stand in the state."""

from conformance.scenario import Scenario, up

PROGRAM = """
Thing("first", value=1, opts=pulumi.ResourceOptions(
    custom_timeouts=pulumi.CustomTimeouts(create=%r, update="1h", delete="30s")))
"""

SCENARIO = Scenario(up(PROGRAM % "5m"), up(PROGRAM % "6m"))
