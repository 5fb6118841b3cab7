"""Resources of an explicit provider, a component's providers, and their children."""

from conformance.scenario import Scenario, up

PROGRAM = """
here = Provider("here", region="here", label=%r)
Thing("first", value=1, opts=pulumi.ResourceOptions(provider=here))
box = Box("box", pulumi.ResourceOptions(providers=[here]))
Thing("inside", value=1, opts=pulumi.ResourceOptions(parent=box))
Thing("default", value=1)
"""

SCENARIO = Scenario(up(PROGRAM % "a"), up(PROGRAM % "b"))
