"""A replacement that fails in the middle, before the old thing is deleted; then it is repaired."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", key=%s)
Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "'a'"), up(PROGRAM % "'b', fail='create'", fails=True), up(PROGRAM % "'b'"))
