"""The types of the package `test`, for the programs of scenarios: `conformance.memory_provider` serves them."""

from typing import Any

from pulumi import (
    ComponentResource,
    CustomResource,
    Input,
    InvokeOptions,
    Output,
    ProviderResource,
    ResourceOptions,
    runtime,
)


class Thing(CustomResource):
    """Has `value`, `values` and `tags` (changed in place), `key` and `name` (replace it), and what it makes itself."""

    value: Output[Any]
    arn: Output[str]
    token: Output[str]
    name: Output[str]
    region: Output[str]

    def __init__(self, resource_name: str, opts: ResourceOptions | None = None, **properties: Input[Any]) -> None:
        for computed in ("arn", "token", "name", "region", "value"):
            properties.setdefault(computed, None)
        super().__init__("test:index:Thing", resource_name, properties, opts)


class Box(ComponentResource):
    """Holds others."""

    def __init__(self, name: str, opts: ResourceOptions | None = None, *, type: str = "test:index:Box") -> None:
        super().__init__(type, name, None, opts)


class Provider(ProviderResource):
    """Has a region, which replaces it, and a label, which does not."""

    def __init__(self, name: str, opts: ResourceOptions | None = None, **properties: Input[Any]) -> None:
        super().__init__("test", name, properties, opts)


def greet(name: Input[str], opts: InvokeOptions | None = None) -> Output[Any]:
    """Ask the provider for a greeting."""
    return Output.from_input(name).apply(
        lambda text: runtime.invoke("test:index:greet", {"name": text}, opts).value["text"]
    )
