"""What is gone already is destroyed without an error."""

from conformance.scenario import Scenario, destroy, up
from conformance.side import Side


def drift(side: Side) -> None:
    """Delete a thing."""
    del side.memory.things["first-1"]


PROGRAM = """
first = Thing("first", value=1)
Thing("second", value=first.arn)
"""

SCENARIO = Scenario(up(PROGRAM), destroy(before=drift, refresh=True), up())
