"""Only the target is updated; what is new and no target is left out."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        first = Thing("first", value=1)
        second = Thing("second", value=first.value)
        Thing("apart", value=1)
    """),
    up(
        """
        first = Thing("first", value=2)
        second = Thing("second", value=first.value)
        Thing("apart", value=2)
        """,
        targets=("urn:pulumi:dev::conformance::test:index:Thing::first",),
    ),
    up(),
)
