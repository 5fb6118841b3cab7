"""What exists already is taken into the stack; afterwards the option may go."""

from conformance.scenario import Scenario, preview, up
from conformance.side import Side


def make(side: Side) -> None:
    """Make a thing that no engine knows."""
    side.memory.things["found-1"] = {"value": "found", "name": "found"}


SCENARIO = Scenario(
    preview(
        """Thing("one", value="found", name="found", opts=pulumi.ResourceOptions(import_="found-1"))""", before=make
    ),
    up(),
    up(),
    up("""Thing("one", value="found", name="found")"""),
)
