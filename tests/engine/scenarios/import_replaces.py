"""An import under the name of what the stack has already takes its place."""

from conformance.scenario import Scenario, up
from conformance.side import Side


def make(side: Side) -> None:
    """Make a thing that no engine knows."""
    side.memory.things["found-1"] = {"value": "found", "name": "found"}


SCENARIO = Scenario(
    up("""Thing("one", value="found", name="found")""", before=make),
    up("""Thing("one", value="found", name="found", opts=pulumi.ResourceOptions(import_="found-1"))"""),
)
