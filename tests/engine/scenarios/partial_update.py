"""A thing that was changed and is not right is kept, with what is wrong, and mended by the next run."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", value=%s)
second = Thing("second", value=first.value)
"""

SCENARIO = Scenario(up(PROGRAM % "1"), up(PROGRAM % "2, fail='partial update'", fails=True), up(PROGRAM % "2"))
