"""A thing with a fixed name is deleted before it is replaced, because the provider says so."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", name="fixed", key=%r)
Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"))
