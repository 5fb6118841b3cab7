"""Secrets go in and come out as secrets: of inputs, of outputs, inside lists and objects, and by option."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
hidden = pulumi.Output.secret(%r)
first = Thing("first", value=hidden, tags={"open": "x", "hidden": hidden}, values=["open", hidden])
second = Thing("second", value=first.token, opts=pulumi.ResourceOptions(additional_secret_outputs=["arn"]))
pulumi.export("value", first.value)
pulumi.export("arn", second.arn)
pulumi.export("joined", pulumi.Output.concat("a-", first.value))
pulumi.export("open", pulumi.Output.unsecret(first.value))
"""

SCENARIO = Scenario(up(PROGRAM % "one"), up(), preview(PROGRAM % "two"), up())
