"""A provider that keeps its resources in memory, and a stack over a program written into a folder."""

from __future__ import annotations

import textwrap
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from cachewright_offline.engine.options import Options
from cachewright_offline.engine.project import Project
from cachewright_offline.engine.stack import Stack
from cachewright_offline.provider.protocol import (
    CheckFailure,
    CheckResult,
    DiffKind,
    DiffResult,
    PartialError,
    PropertyDiff,
    ProviderError,
    ResourceState,
    unwrapped_type,
)
from cachewright_offline.values import UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from cachewright_offline.engine.events import Event


@dataclass
class Memory:
    """What the in-memory cloud holds, and every call that changed it."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    operations: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    fail: dict[tuple[str, str], Exception] = field(default_factory=dict)
    before: Any = None
    lock: Any = field(default_factory=threading.Lock)

    def called(self, kind: str, urn: str) -> None:
        """Record a call, and fail if a test asks for that."""
        name = urn.rsplit("::", 1)[-1]
        if self.before is not None:
            self.before(kind, name)
        with self.lock:
            self.calls.append((kind, name))
        if (kind, name) in self.fail:
            raise self.fail[kind, name]


class MemoryProvider:
    """Package `test`: `test:index:Thing` with `value` (in place), `key` (replaces), `name` (automatic, replaces)."""

    def __init__(self, package: str, memory: Memory) -> None:
        self.package = package
        self.memory = memory
        self.config: dict[str, Any] = {}

    def check_config(self, inputs: Any) -> CheckResult:
        if inputs.get("region") == "nowhere":
            return CheckResult(inputs, (CheckFailure("region", "there is no such region"),))
        return CheckResult(inputs)

    def diff_config(self, old_inputs: Any, new_inputs: Any) -> DiffResult:
        changed = {
            key: PropertyDiff(DiffKind.UPDATE_REPLACE if key == "region" else DiffKind.UPDATE)
            for key in {**old_inputs, **new_inputs}
            if old_inputs.get(key) != new_inputs.get(key)
        }
        return DiffResult(changed)

    def configure(self, inputs: Any) -> None:
        self.config = inputs

    def check(self, urn: str, old_inputs: Any, new_inputs: Any, random_seed: bytes) -> CheckResult:
        inputs = dict(new_inputs)
        if unwrapped_type(urn) != "test:index:Thing":
            msg = f"no handler for {unwrapped_type(urn)}"
            raise ProviderError(msg)
        if inputs.get("value") == "bad":
            return CheckResult(inputs, (CheckFailure("value", "must not be bad"),))
        if "name" not in inputs:
            old_name = (old_inputs or {}).get("name")
            inputs["name"] = old_name or f"{urn.rsplit('::', 1)[-1]}-{random_seed.hex()[:7]}"
            inputs["__defaults"] = ["name"]
        return CheckResult(inputs)

    def diff(self, urn: str, id: str, old_inputs: Any, old_outputs: Any, new_inputs: Any) -> DiffResult:
        detailed = {}
        for key in sorted({**old_inputs, **new_inputs}):
            if key == "__defaults" or (key in old_inputs and old_inputs[key] == new_inputs.get(key)):
                continue
            if isinstance(new_inputs.get(key), dict) and isinstance(old_inputs.get(key), dict):
                old, new = old_inputs[key], new_inputs[key]
                detailed |= {
                    f"{key}.{name}": PropertyDiff(
                        DiffKind.ADD if name not in old else DiffKind.DELETE if name not in new else DiffKind.UPDATE
                    )
                    for name in sorted({**old, **new})
                    if old.get(name) != new.get(name)
                }
                continue
            kind = "add" if key not in old_inputs else "delete" if key not in new_inputs else "update"
            detailed[key] = PropertyDiff(DiffKind(kind + ("-replace" if key in {"key", "name"} else "")))
        fixed_name = "__defaults" not in new_inputs
        return DiffResult(detailed, delete_before_replace=fixed_name and bool(detailed))

    def create(self, urn: str, inputs: Any, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        if preview:
            return ResourceState("", inputs, {**inputs, "arn": UNKNOWN, "token": UNKNOWN})
        id = self.memory.operations.get(operation)
        if id is None:
            self.memory.called("create", urn)
            id = uuid.uuid4().hex[:8]
            self.memory.operations[operation] = id
            self.memory.resources[id] = dict(inputs)
        return ResourceState(id, inputs, self._outputs(id))

    def _outputs(self, id: str) -> dict[str, Any]:
        inputs = self.memory.resources[id]
        return {**inputs, "arn": f"arn:{id}", "token": f"token-{id}", "region": self.config.get("region", "")}

    def read(self, urn: str, id: str, inputs: Any, outputs: Any) -> ResourceState | None:
        self.memory.called("read", urn)
        if id not in self.memory.resources:
            return None
        return ResourceState(id, dict(self.memory.resources[id]), self._outputs(id))

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Any,
        old_outputs: Any,
        new_inputs: Any,
        *,
        preview: bool,
        operation: str,
        timeout: float,
    ) -> ResourceState:
        if preview:
            return ResourceState(id, new_inputs, {**old_outputs, **new_inputs})
        self.memory.called("update", urn)
        self.memory.resources[id] = dict(new_inputs)
        return ResourceState(id, new_inputs, self._outputs(id))

    def delete(self, urn: str, id: str, inputs: Any, outputs: Any, *, operation: str, timeout: float) -> None:
        self.memory.called("delete", urn)
        self.memory.resources.pop(id, None)

    def invoke(self, token: str, arguments: Any, *, preview: bool) -> Any:
        if token == "test:index:greet":
            return {"text": f"hello {arguments['name']}", "region": self.config.get("region", "")}, ()
        if token == "test:index:refuse":
            return {}, (CheckFailure("name", "is refused"),)
        msg = f"no function {token}"
        raise ProviderError(msg)

    def secret_outputs(self, type_token: str) -> tuple[str, ...]:
        return ("token",)


PRELUDE = """\
import pulumi
from pulumi import CustomResource, ComponentResource, ProviderResource, ResourceOptions, Output


class Thing(CustomResource):
    value: Output[str]
    arn: Output[str]
    token: Output[str]
    name: Output[str]
    region: Output[str]

    def __init__(self, resource_name, opts=None, **props):
        for computed in ("arn", "token", "name", "region"):
            props.setdefault(computed, None)
        super().__init__("test:index:Thing", resource_name, props, opts)


class Box(ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Box", name, None, opts)


class TestProvider(ProviderResource):
    def __init__(self, name, opts=None, **props):
        super().__init__("test", name, props, opts)
"""


class Workbench:
    """A project in a folder whose program a test rewrites between runs."""

    def __init__(self, root: Path, stack: str = "dev", project: str = "shop") -> None:
        self.root = root
        self.stack_name = stack
        self.memory = Memory()
        self.events: list[Event] = []
        root.mkdir(parents=True, exist_ok=True)
        (root / "Pulumi.yaml").write_text(f"name: {project}\nruntime: python\nmain: program/\n")
        (root / "program").mkdir(exist_ok=True)
        self.instance_id = ""
        self.cloud: Any = None
        self.config: dict[str, str] = {}

    def program(self, text: str) -> None:
        """Write the program."""
        (self.root / "program" / "__main__.py").write_text(PRELUDE + "\n" + textwrap.dedent(text))

    def stack(self, name: str | None = None) -> Stack:
        """Return a new object over the stack, as a new process would have."""
        return Stack(
            Project.load(self.root),
            name or self.stack_name,
            self.root / "state",
            lambda: "passphrase",
            self.cloud,
            self.config,
            load_provider=lambda package, cloud: MemoryProvider(package, self.memory),
        )

    def options(self, **options: Any) -> Options:
        """Return options whose events are collected."""
        self.events = []
        return Options(on_event=self.events.append, **options)

    def preview(self, text: str | None = None, **options: Any) -> Any:
        """Preview, after writing the program."""
        if text is not None:
            self.program(text)
        return self.stack().preview(self.options(**options))

    def up(self, text: str | None = None, **options: Any) -> Any:
        """Bring the stack up, after writing the program; check that the state on disk is sound."""
        if text is not None:
            self.program(text)
        self.memory.calls.clear()
        result = self.stack().up(self.options(**options))
        self.stack().state.load()
        return result

    def refresh(self, **options: Any) -> Any:
        """Refresh the stack."""
        self.memory.calls.clear()
        return self.stack().refresh(self.options(**options))

    def destroy(self, **options: Any) -> Any:
        """Destroy the stack."""
        self.memory.calls.clear()
        return self.stack().destroy(self.options(**options))

    def resources(self) -> dict[str, Any]:
        """Return the state's live resources by name."""
        return {one.name: one for one in self.stack().state.load().resources if not one.delete}

    def provider_error(self, message: str) -> ProviderError:
        """Return the error of a provider that refuses."""
        return ProviderError(message)

    def partial(self, message: str, id: str, **inputs: Any) -> PartialError:
        """Return the error of an operation that left a resource half done."""
        self.memory.resources[id] = inputs
        return PartialError(message, ResourceState(id, inputs, dict(inputs)))

    def messages(self, severity: str) -> list[str]:
        """Return what the last run reported."""
        return [event.message for event in self.events if getattr(event, "severity", "") == severity]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Return an empty project; its passphrase is stretched less than a real one's, which takes half a second."""
    monkeypatch.setattr("cachewright_offline.engine.secrets._ROUNDS", 1000)
    return Workbench(tmp_path / "project")
