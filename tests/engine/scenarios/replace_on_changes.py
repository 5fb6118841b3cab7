"""A change that could be made in place replaces, where the program asks for that."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", value=%r, opts=pulumi.ResourceOptions(replace_on_changes=["value"]))
Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), preview(PROGRAM % "b"), up())
