"""The package `test`: a provider that keeps its things in memory, and whose every answer follows from the program.

`fail` of a thing is what goes wrong with it: `check`, `create`, `update`, `delete`, or `partial create` and `partial
update`, which fail after the thing was made.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
from cachewright_offline.provider.schema import child_path
from cachewright_offline.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPLACING = frozenset({"key", "name"})
_OWN = frozenset({"__defaults", "fail"})


@dataclass
class Memory:
    """What exists. A test changes it behind the engine's back."""

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    waiting: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    lock: Any = field(default_factory=threading.Lock)

    def new_id(self, name: str) -> str:
        """Return an id that tells how often a thing of this name was made."""
        with self.lock:
            self.made[name] = self.made.get(name, 0) + 1
            return f"{name}-{self.made[name]}"


class MemoryProvider:
    """Serves the package `test` over a memory."""

    package = "test"

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._configuration: dict[str, Any] = {}

    def check_config(self, inputs: Any) -> CheckResult:
        """Refuse the region `nowhere`."""
        failures = (CheckFailure("region", "there is no such region"),) if inputs.get("region") == "nowhere" else ()
        return CheckResult(inputs, failures)

    def diff_config(self, old_inputs: Any, new_inputs: Any) -> DiffResult:
        """Replace a provider whose region changes."""
        return DiffResult(dict(_differences(old_inputs, new_inputs, frozenset({"region"}))))

    def configure(self, inputs: Any) -> None:
        """Take the configuration."""
        self._configuration = inputs

    def check(self, urn: str, old_inputs: Any, new_inputs: Any, random_seed: bytes) -> CheckResult:
        """Fill the name in, and refuse what is bad."""
        if unwrapped_type(urn) != "test:index:Thing":
            msg = f"there is no type {unwrapped_type(urn)}"
            raise ProviderError(msg)
        inputs = {key: value for key, value in new_inputs.items() if value is not None}
        failures = []
        if inputs.get("fail") == "check":
            failures.append(CheckFailure("value", "is refused"))
        if "name" not in inputs:
            old = old_inputs or {}
            kept = old.get("name") if "__defaults" in old else None
            inputs["name"] = kept or f"{_name(urn)}-{random_seed.hex()[:7]}"
            inputs["__defaults"] = ["name"]
        return CheckResult(inputs, tuple(failures))

    def diff(self, urn: str, id: str, old_inputs: Any, old_outputs: Any, new_inputs: Any) -> DiffResult:
        """Compare; what has a name of its own cannot stand beside its replacement."""
        del urn, id, old_outputs
        detailed = dict(_differences(old_inputs, new_inputs, _REPLACING))
        return DiffResult(detailed, "__defaults" not in new_inputs and bool(detailed), ("arn",))

    def create(self, urn: str, inputs: Any, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Make a thing."""
        del operation, timeout
        if preview:
            return ResourceState("", inputs, {**inputs, "arn": UNKNOWN, "token": UNKNOWN, "region": UNKNOWN})
        fail = inputs.get("fail")
        if fail == "create":
            msg = f"{_name(urn)} cannot be made"
            raise ProviderError(msg)
        if fail == "wait":
            self._memory.waiting.set()
            self._memory.go_on.wait(60)
        id = self._memory.new_id(_name(urn))
        self._memory.things[id] = dict(inputs)
        state = ResourceState(id, inputs, self._outputs(id))
        if fail == "partial create":
            msg = f"{_name(urn)} was made and is not right"
            raise PartialError(msg, state)
        return state

    def read(self, urn: str, id: str, inputs: Any, outputs: Any) -> ResourceState | None:
        """Read a thing."""
        del urn, outputs
        if id not in self._memory.things:
            return None
        found = dict(self._memory.things[id])
        if not inputs:
            found.pop("__defaults", None)
        return ResourceState(id, found, self._outputs(id))

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
        """Change a thing."""
        del old_inputs, operation, timeout
        if preview:
            return ResourceState(id, new_inputs, {**old_outputs, **new_inputs})
        fail = new_inputs.get("fail")
        if fail == "update":
            msg = f"{_name(urn)} cannot be changed"
            raise ProviderError(msg)
        self._memory.things[id] = dict(new_inputs)
        state = ResourceState(id, new_inputs, self._outputs(id))
        if fail == "partial update":
            msg = f"{_name(urn)} was changed and is not right"
            raise PartialError(msg, state)
        return state

    def delete(self, urn: str, id: str, inputs: Any, outputs: Any, *, operation: str, timeout: float) -> None:
        """Delete a thing."""
        del outputs, operation, timeout
        if inputs.get("fail") == "delete":
            msg = f"{_name(urn)} cannot be deleted"
            raise ProviderError(msg)
        self._memory.things.pop(id, None)

    def invoke(self, token: str, arguments: Any, *, preview: bool) -> Any:
        """Greet, or refuse."""
        del preview
        if token == "test:index:greet":
            if arguments["name"] == "nobody":
                return {}, (CheckFailure("name", "is nobody"),)
            return {"text": f"hello {arguments['name']}", "region": self._configuration.get("region", "")}, ()
        msg = f"there is no function {token}"
        raise ProviderError(msg)

    def secret_outputs(self, type_token: str) -> tuple[str, ...]:
        """Name the token."""
        del type_token
        return ("token",)

    def _outputs(self, id: str) -> dict[str, Any]:
        inputs = self._memory.things[id]
        region = self._configuration.get("region", "")
        return {**inputs, "arn": f"arn:{id}", "token": f"token of {id}", "region": region}


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _differences(old: Any, new: Any, replacing: frozenset[str]) -> Iterator[tuple[str, PropertyDiff]]:
    for key in sorted({**old, **new}):
        if key not in _OWN:
            yield from _difference(key, old.get(key), new.get(key), "-replace" if key in replacing else "")


def _difference(path: str, old: Any, new: Any, ending: str) -> Iterator[tuple[str, PropertyDiff]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({**old, **new}):
            yield from _difference(child_path(path, key), old.get(key), new.get(key), ending)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before, after = (one[index] if index < len(one) else None for one in (old, new))
            yield from _difference(f"{path}[{index}]", before, after, ending)
    elif contains_unknown(new) or old != new:
        kind = "add" if old is None else "delete" if new is None else "update"
        yield path, PropertyDiff(DiffKind(kind + ending))
