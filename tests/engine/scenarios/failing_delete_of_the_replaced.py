"""A replaced thing whose delete fails stays in the state, to be deleted by the next run."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""Thing("first", key="a", fail="delete")"""),
    up("""Thing("first", key="b")""", fails=True),
    up("""Thing("first", key="b")""", fails=True),
)
