"""A transform that protects, and one that changes the provider."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        here = Provider("here", region="here")

        def guard(args):
            if args.type_ != "test:index:Thing":
                return None
            opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True, provider=here))
            return pulumi.ResourceTransformResult(props=args.props, opts=opts)

        Thing("first", value=1, opts=pulumi.ResourceOptions(transforms=[guard]))
    """),
    up(),
)
