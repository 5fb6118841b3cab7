"""A value that changes in place is updated, and what depends on it gets the new one."""

from conformance.scenario import Scenario, destroy, up

PROGRAM = """
first = Thing("first", value=%r)
second = Thing("second", value=first.value, tags={"of": first.arn})
pulumi.export("arn", second.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"), up(), destroy())
