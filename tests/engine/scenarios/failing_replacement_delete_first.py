"""A replacement that fails after the old thing is gone; then it is repaired."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", name="fixed", key=%s)
Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "'a'"), up(PROGRAM % "'b', fail='create'", fails=True), up(PROGRAM % "'b'"))
