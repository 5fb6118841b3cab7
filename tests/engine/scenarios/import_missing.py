"""An import of what does not exist fails."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    preview("""Thing("one", value="x", opts=pulumi.ResourceOptions(import_="nothing"))""", fails=True),
    up(fails=True),
    up("""Thing("one", value="x")"""),
)
