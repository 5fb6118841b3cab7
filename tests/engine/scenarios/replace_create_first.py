"""A changed key replaces the thing: the new one is made first, what depends on it follows, then the old one goes."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", key=%r)
second = Thing("second", value=first.arn)
Thing("third", value=second.value)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), preview(PROGRAM % "b"), up())
