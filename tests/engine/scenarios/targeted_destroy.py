"""Only the target is destroyed, with its dependants where that is asked for."""

from conformance.scenario import Scenario, destroy, up

SCENARIO = Scenario(
    up("""
        first = Thing("first", value=1)
        second = Thing("second", value=first.arn)
        Thing("apart", value=1)
    """),
    destroy(targets=("**::first",), fails=True),
    destroy(targets=("**::first",), target_dependents=True),
    up(),
)
