"""A provider whose configuration is refused stops the run before anything is made."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
here = Provider("here", region="nowhere")
Thing("first", value=1, opts=pulumi.ResourceOptions(provider=here))
"""

SCENARIO = Scenario(preview(PROGRAM, fails=True), up(fails=True))
