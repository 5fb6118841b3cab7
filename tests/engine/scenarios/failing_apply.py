"""A program whose apply raises."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up(
        """
        first = Thing("first", value=1)
        def refuse(arn):
            raise ValueError("no more")
        Thing("second", value=first.arn.apply(refuse))
    """,
        fails=True,
    ),
    up("""Thing("first", value=1)"""),
)
