"""A create that fails stops what depends on it; what is beside it is made; then it is repaired."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", value=1%s)
second = Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % ", fail='create'", fails=True), up(PROGRAM % ""))
