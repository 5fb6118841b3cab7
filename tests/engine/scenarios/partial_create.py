"""A thing that was made and is not right is kept, with what is wrong, and mended by the next run."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", value=1%s)
second = Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % ", fail='partial create'", fails=True), preview(PROGRAM % ""), up(PROGRAM % ""))
