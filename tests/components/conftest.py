"""A recording of what a component registers, through Pulumi's own runtime mocks."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS

import cachewright


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


class Loop(asyncio.SelectorEventLoop):
    """A loop that ends with everything that began on it, and to which a refusal may come more than once.

    One refused argument fails each resource that waits for it, and each output of those: Pulumi raises the first of
    these failures, and leaves the others to the loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: str | None = None
        self.unexpected: list[dict[str, Any]] = []
        self.set_exception_handler(self._take)

    def _take(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if self.refused is None or str(context.get("exception")) != self.refused:
            self.unexpected.append(context)

    def settle(self) -> None:
        """Wait for every task, and let go of every future that nobody asks for any more."""
        while pending := asyncio.all_tasks(self):
            self.run_until_complete(asyncio.wait(pending))
        gc.collect()
        unexpected, self.refused, self.unexpected = self.unexpected, None, []
        assert unexpected == []


@pytest.fixture(scope="session", autouse=True)
def loop() -> Iterator[Loop]:
    """Return the loop of all the tests: Pulumi keeps its root resource, which is bound to one, between them."""
    made = Loop()
    asyncio.set_event_loop(made)
    yield made
    made.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def record(loop: Loop) -> Iterator[Callable[[Callable[[], Any]], tuple[Recorder, Any]]]:
    """Return a function that runs a program and gives the recording and what the program's output resolved to."""

    def run(program: Callable[[], Any]) -> tuple[Recorder, Any]:
        recorder = Recorder()
        pulumi.runtime.set_mocks(recorder, project="caching", stack="test")
        resolved: list[Any] = []

        @pulumi.runtime.test
        def body() -> Any:
            return pulumi.Output.from_input(program()).apply(resolved.append)

        try:
            body()
        except cachewright.ArgsError as error:
            loop.refused = str(error)
            raise
        return recorder, resolved[0]

    yield run
    # What failed is held by the error's traceback, which the test let go of only now.
    SETTINGS.rpc_manager.clear()
    SETTINGS.outputs.clear()
    loop.settle()
