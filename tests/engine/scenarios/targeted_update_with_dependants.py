"""The target and what depends on it are updated."""

from conformance.scenario import Scenario, up

PROGRAM = """
first = Thing("first", key=%r)
second = Thing("second", key=first.arn)
Thing("apart", value=%r)
"""

SCENARIO = Scenario(
    up(PROGRAM % ("a", 1)),
    up(PROGRAM % ("b", 2), targets=("**::first",), target_dependents=True),
    up(),
)
