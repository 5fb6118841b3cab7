"""Transforms of a resource, of a component's children and of the whole stack change inputs and options."""

from conformance.scenario import Scenario, up

SCENARIO = Scenario(
    up("""
        def stamp(label):
            def change(args):
                if not args.custom:
                    return None
                props = {**args.props, "tags": {**(args.props.get("tags") or {}), label: "yes"}}
                return pulumi.ResourceTransformResult(props=props, opts=args.opts)
            return change

        pulumi.runtime.register_resource_transform(stamp("stack"))
        box = Box("box", pulumi.ResourceOptions(transforms=[stamp("box")]))
        Thing("inside", value=1, opts=pulumi.ResourceOptions(parent=box))
        Thing("own", value=1, opts=pulumi.ResourceOptions(transforms=[stamp("own")]))
    """),
    up(),
)
