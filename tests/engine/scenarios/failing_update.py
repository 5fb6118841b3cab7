"""An update that fails leaves the old state; then it is repaired."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", value=%s)
second = Thing("second", value=first.value)
"""

SCENARIO = Scenario(up(PROGRAM % "1"), up(PROGRAM % "2, fail='update'", fails=True), up(PROGRAM % "2"))
