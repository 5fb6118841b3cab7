"""A recording of what a component registers, through Pulumi's own runtime mocks."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
import pytest
from pulumi.runtime.settings import reset_options

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


class Nothing(pulumi.runtime.Mocks):
    """Fails the test when anything is registered."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> Any:
        """Fail: nothing was to be registered."""
        raise AssertionError(args.typ)

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        """Fail: nothing was to be called."""
        raise AssertionError(args.token)


class Loop(asyncio.SelectorEventLoop):
    """A loop that ends with everything that began on it, and to which a refusal may come more than once.

    One refused argument fails each resource that waits for it, and each output of those: Pulumi raises the first of
    these failures, and leaves the others to the loop. What it asks of its mocks it asks on a thread, which needs a loop
    too: there is one thread, and its loop ends with this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.unexpected: list[dict[str, Any]] = []
        self.set_exception_handler(self._take)
        self._asked = asyncio.SelectorEventLoop()
        self.set_default_executor(
            ThreadPoolExecutor(max_workers=1, initializer=asyncio.set_event_loop, initargs=(self._asked,))
        )

    def _take(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if str(context.get("exception")) not in self.refused:
            self.unexpected.append(context)

    def end(self) -> None:
        """Wait for every task, let go of every future that nobody asks for any more, and close."""
        while pending := asyncio.all_tasks(self):
            self.run_until_complete(asyncio.wait(pending))
        self.run_until_complete(self.shutdown_default_executor())
        gc.collect()
        # What has outlived this test, such as Pulumi's modules, need not be looked at after each of the next ones.
        gc.freeze()
        self._asked.close()
        self.close()
        assert self.unexpected == []


@pytest.fixture(scope="package", autouse=True)
def _thaw() -> Iterator[None]:
    """Give back to the collector what each test froze."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def loop(_thaw: None) -> Iterator[Loop]:
    """Give each test a loop and a Pulumi of its own, and end both with it.

    What a test leaves to the garbage collector ends in the middle of another one, wherever that happens to be.
    """
    made = Loop()
    asyncio.set_event_loop(made)
    reset_options(project="caching", stack="test")
    yield made
    # The stack's resource and the calls under way hold what failed.
    reset_options(project="caching", stack="test")
    made.end()
    asyncio.set_event_loop(None)


@pytest.fixture
def nothing() -> None:
    """Fail the test when anything is registered."""
    pulumi.runtime.set_mocks(Nothing(), project="caching", stack="test")


@pytest.fixture
def record(loop: Loop) -> Callable[[Callable[[], Any]], tuple[Recorder, Any]]:
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
            loop.refused.add(str(error))
            raise
        return recorder, resolved[0]

    return run
