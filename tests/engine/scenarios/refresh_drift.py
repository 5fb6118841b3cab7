"""A refresh takes over what was changed and what is gone; an update puts it right."""

from conformance.scenario import Scenario, preview, refresh, up
from conformance.side import Side


def drift(side: Side) -> None:
    """Change one thing and delete another."""
    side.memory.things["first-1"]["value"] = "drifted"
    del side.memory.things["gone-1"]


SCENARIO = Scenario(
    up("""
        first = Thing("first", value=1)
        gone = Thing("gone", value=1)
        Thing("user", value=pulumi.Output.concat(first.arn, gone.arn))
    """),
    refresh(before=drift),
    refresh(),
    preview(),
    up(),
)
