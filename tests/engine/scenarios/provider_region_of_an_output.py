"""A provider whose region is an output: unknown in the preview, known in the update."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
where = Thing("where", value="here")
there = Provider("there", region=where.arn)
thing = Thing("first", value=1, opts=pulumi.ResourceOptions(provider=there))
pulumi.export("arn", thing.arn)
"""

SCENARIO = Scenario(preview(PROGRAM), up())
