"""`up --refresh` sees the drift and mends it in one run."""

from conformance.scenario import Scenario, preview, up
from conformance.side import Side


def drift(side: Side) -> None:
    """Change one thing and delete another."""
    side.memory.things["first-1"]["value"] = "drifted"
    del side.memory.things["gone-1"]


PROGRAM = """
Thing("first", value=1)
gone = Thing("gone", value=1)
Thing("user", value=gone.arn)
"""

SCENARIO = Scenario(up(PROGRAM), preview(before=drift, refresh=True), up(refresh=True))
