"""A setting that is missing fails the program and makes nothing."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    preview("""pulumi.Config().require("text")""", fails=True), up(fails=True), up(config={"text": "x"})
)
