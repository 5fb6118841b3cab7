"""AWS providers of several regions side by side, and a resource's own region."""

from conformance.scenario import Scenario, up

PROGRAM = """
import pulumi_aws as aws
west = aws.Provider("west", region="us-west-2", default_tags={"tags": {"Owner": %r}})
aws.sns.Topic("east", name="regions")
aws.sns.Topic("west", name="regions", opts=pulumi.ResourceOptions(provider=west))
aws.sns.Topic("third", name="regions", region="eu-west-1")
pulumi.export("region", aws.get_region(opts=pulumi.InvokeOptions(provider=west)).region)
"""

SCENARIO = Scenario(up(PROGRAM % "me"), up(PROGRAM % "you"))
