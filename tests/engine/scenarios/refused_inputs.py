"""Inputs that the provider refuses stop the run."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    preview("""Thing("first", value=1, fail="check")""", fails=True),
    up(fails=True),
    up("""Thing("first", value=1)"""),
)
