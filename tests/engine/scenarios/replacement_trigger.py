"""A changed trigger replaces a thing whose inputs are the same."""

from conformance.scenario import Scenario, up

PROGRAM = """
Thing("first", value=1, opts=pulumi.ResourceOptions(replacement_trigger=%r))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(), up(PROGRAM % "b"))
