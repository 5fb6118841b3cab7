"""A provider whose region changes is replaced, and all that it made with it."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
here = Provider("here", region=%r)
first = Thing("first", value=1, opts=pulumi.ResourceOptions(provider=here))
Thing("second", value=first.arn, opts=pulumi.ResourceOptions(provider=here))
"""

SCENARIO = Scenario(up(PROGRAM % "here"), preview(PROGRAM % "there"), up())
