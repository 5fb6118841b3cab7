"""`replace_on_changes` of an input that takes another's output, when that one is replaced."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", key=%r)
Thing("second", value=first.arn, opts=pulumi.ResourceOptions(replace_on_changes=["value"]))
"""

SCENARIO = Scenario(up(PROGRAM % "a"), preview(PROGRAM % "b"), up())
