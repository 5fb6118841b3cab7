"""A target that depends on what is new and no target is refused."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up(
        """
        first = Thing("first", value=1)
        Thing("second", value=1, opts=pulumi.ResourceOptions(depends_on=[first]))
        """,
        targets=("**::second",),
        fails=True,
    ),
    up(),
)
