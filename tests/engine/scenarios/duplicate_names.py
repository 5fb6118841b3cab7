"""Two resources of one URN are refused."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up(
        """
        first = Thing("first", value=1)
        Thing("first", value=first.arn)
        """,
        fails=True,
    ),
)
