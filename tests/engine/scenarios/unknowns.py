"""What depends on what is not made yet is unknown in a preview, at any depth."""

from conformance.scenario import Scenario, preview, up

PROGRAM = """
first = Thing("first", value=1, key=%r)
second = Thing("second", value=first.arn, tags={"arn": first.arn, "known": "x"}, values=[first.arn, "known"])
pulumi.export("arn", second.arn)
pulumi.export("joined", pulumi.Output.concat("a-", first.arn))
pulumi.export("value", second.value)
"""

SCENARIO = Scenario(preview(PROGRAM % "a"), up(), preview(PROGRAM % "b"), up())
