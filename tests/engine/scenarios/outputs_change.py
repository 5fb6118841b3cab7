"""Outputs come, change and go."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        pulumi.export("a", 1)
        pulumi.export("b", {"x": [1, None, True, 1.5], "y": "ü"})
    """),
    up("""
        pulumi.export("a", 2)
        pulumi.export("c", pulumi.Output.secret([1, 2]))
    """),
    up(""),
)
