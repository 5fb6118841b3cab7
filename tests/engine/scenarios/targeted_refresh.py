"""Only the target is read."""

from conformance.scenario import Scenario, refresh, up
from conformance.side import Side


def drift(side: Side) -> None:
    """Change both things behind the engine's back."""
    for id in ("first-1", "second-1"):
        side.memory.things[id]["value"] = "drifted"


SCENARIO = Scenario(
    up("""
        Thing("first", value=1)
        Thing("second", value=1)
    """),
    refresh(before=drift, targets=("**::first",)),
    up(),
)
