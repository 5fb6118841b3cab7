"""A component's outputs, and those of a component in it, stand in the state."""

from conformance.scenario import Scenario, up

PROGRAM = """
class Pair(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Pair", name, {"given": %r}, opts)
        self.one = Thing(name + "-one", value=1, opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({"arn": self.one.arn, "hidden": self.one.token, "given": %r})

pair = Pair("pair")
Thing("user", value=pair.one.arn, opts=pulumi.ResourceOptions(depends_on=[pair]))
pulumi.export("pair", pair)
pulumi.export("thing", pair.one)
"""

SCENARIO = Scenario(up(PROGRAM % (1, 1)), up(PROGRAM % (2, 2)))
