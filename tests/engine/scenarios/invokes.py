"""Functions are answered by the default provider and by explicit ones, in previews, too."""

from conformance.scenario import Scenario, preview, up

SCENARIO = Scenario(
    preview("""
        import pulumi_aws as aws
        here = Provider("here", region="here")
        Thing("first", value=greet("you"), tags={"there": greet("me", pulumi.InvokeOptions(provider=here))})
        pulumi.export("account", aws.get_caller_identity().account_id)
        pulumi.export("zones", aws.get_availability_zones_output().names)
    """),
    up(),
    up(),
)
