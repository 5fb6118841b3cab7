"""A thing of another owner is read, used, and never changed."""

from conformance.scenario import Scenario, up
from conformance.side import Side


def make(side: Side) -> None:
    """Make a thing that no engine knows."""
    side.memory.things["found-1"] = {"value": "found", "name": "found"}


PROGRAM = """
found = Thing("found", opts=pulumi.ResourceOptions(id="found-1"))
Thing("user", value=found.value)
"""

SCENARIO = Scenario(up(PROGRAM, before=make), up(), up("""Thing("user", value="found")"""))
