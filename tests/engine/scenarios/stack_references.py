"""A stack reads another one's outputs, the secret ones as secrets."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    up(
        """
        pulumi.export("open", "x")
        pulumi.export("hidden", pulumi.Output.secret("y"))
    """,
        stack="base",
    ),
    preview("""
        base = pulumi.StackReference("organization/conformance/base")
        Thing("first", value=base.get_output("open"), tags={"hidden": base.require_output("hidden")})
        pulumi.export("missing", base.get_output("missing"))
    """),
    up(),
    up(),
)
