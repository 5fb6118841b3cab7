"""A recording of what a component registers, through Pulumi's own runtime mocks."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest


class Recorder(pulumi.runtime.Mocks):
    """Keeps every resource by type and name, and answers with outputs that look like AWS's."""

    def __init__(self) -> None:
        self.resources: dict[tuple[str, str], dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> Any:
        """Record a resource."""
        kind, name = args.typ.split(":")[-1], args.name
        assert (kind, name) not in self.resources
        self.resources[kind, name] = dict(args.inputs)
        if not args.custom:
            return "", {}
        outputs = {
            **args.inputs,
            "arn": f"arn:aws:mock:us-east-1:123456789012:{name}",
            "name": args.inputs.get("name", name),
            "result": "r" * 64,
            "hex": "abcdef",
            "replicationGroupId": args.inputs.get("replicationGroupId", name),
            "primaryEndpointAddress": f"master.{name}",
            "readerEndpointAddress": f"replica.{name}",
            "configurationEndpointAddress": f"clustercfg.{name}",
            "clusterId": name,
            "clusterAddress": f"cfg.{name}",
            "configurationEndpoint": f"cfg.{name}:11211",
            "endpoints": [{"address": f"serverless.{name}", "port": 6379}],
            "readerEndpoints": [{"address": f"serverless.{name}", "port": 6380}],
            "globalReplicationGroupId": f"ldgnf-{name}",
        }
        return f"{name}-id", outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        """Answer no function: components call none."""
        raise AssertionError(args.token)

    def kinds(self) -> list[tuple[str, str]]:
        """Return what was registered, sorted."""
        return sorted(self.resources)


@pytest.fixture
def record() -> Callable[[Callable[[], Any]], tuple[Recorder, Any]]:
    """Return a function that runs a program and gives the recording and what the program's output resolved to."""

    def run(program: Callable[[], Any]) -> tuple[Recorder, Any]:
        recorder = Recorder()
        pulumi.runtime.set_mocks(recorder, project="caching", stack="test")
        resolved: list[Any] = []

        @pulumi.runtime.test
        def body() -> Any:
            return pulumi.Output.from_input(program()).apply(resolved.append)

        body()
        return recorder, resolved[0]

    return run
