"""A renamed component takes its children, and theirs, with it."""

from conformance.scenario import Scenario, up

PROGRAM = """
outer = Box(%r, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="outer")]))
inner = Box(outer._name + "-inner", pulumi.ResourceOptions(parent=outer))
Thing(outer._name + "-leaf", value=1, opts=pulumi.ResourceOptions(parent=inner))
"""

SCENARIO = Scenario(up(PROGRAM % "outer"), up(PROGRAM % "renamed"))
