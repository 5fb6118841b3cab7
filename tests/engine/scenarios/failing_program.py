"""A program that raises after it has registered things: they are made, nothing is deleted."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        Thing("first", value=1)
        Thing("second", value=1)
    """),
    up(
        """
        Thing("first", value=2)
        raise ValueError("no more")
    """,
        fails=True,
    ),
    up("""
        Thing("first", value=2)
    """),
)
