"""`delete_before_replace` takes the old thing, and what is built from its id, away before the new one is made."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", key=%r, opts=pulumi.ResourceOptions(delete_before_replace=True))
Thing("second", key=first.arn)
Thing("third", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), preview(PROGRAM % "b"), up())
