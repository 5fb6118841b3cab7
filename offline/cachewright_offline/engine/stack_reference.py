"""The package `pulumi`: references to other stacks of the same backend, and to resources of this run.

Source: Pulumi's pkg/resource/deploy/builtins.go.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cachewright_offline.engine.urn import STACK_REFERENCE_TYPE, STACK_TYPE, resource_type
from cachewright_offline.provider.protocol import (
    CheckFailure,
    CheckResult,
    DiffKind,
    DiffResult,
    PropertyDiff,
    ProviderError,
    ResourceState,
)
from cachewright_offline.values import UNKNOWN, contains_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.engine.resource import Resource
    from cachewright_offline.values import Properties, PropertyValue


class BuiltinProvider:
    """Answers what every program may ask the engine itself.

    Args:
        read_stack: Returns the state's resources of another stack by its name, or None where they are not known;
            raises a CachewrightError.
        find: Returns a resource of this run by its URN.
    """

    def __init__(
        self, read_stack: Callable[[str], list[Resource] | None], find: Callable[[str], Resource | None]
    ) -> None:
        self._read_stack = read_stack
        self._find = find

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Accept a stack reference with a name."""
        del old_inputs, random_seed
        self._only_references(urn)
        failures = tuple(CheckFailure(key, f'unknown property "{key}"') for key in new_inputs if key != "name")
        if "name" not in new_inputs:
            failures += (CheckFailure("name", 'missing required property "name"'),)
        return CheckResult(new_inputs, failures)

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Replace a reference whose name has changed."""
        del urn, id, old_outputs
        if old_inputs.get("name") == new_inputs.get("name"):
            return DiffResult()
        return DiffResult({"name": PropertyDiff(DiffKind.UPDATE_REPLACE)})

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Read the stack that the reference names."""
        del operation, timeout
        self._only_references(urn)
        return ResourceState("" if preview else str(uuid.uuid4()), inputs, self._reference(inputs.get("name")))

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read the stack that the reference names."""
        self._only_references(urn)
        name = inputs.get("name") or outputs.get("name") or id
        return ResourceState(id, inputs, self._reference(name))

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        preview: bool,
        operation: str,
        timeout: float,
    ) -> ResourceState:
        """Read the stack again."""
        del old_inputs, old_outputs, preview, operation, timeout
        self._only_references(urn)
        return ResourceState(id, new_inputs, self._reference(new_inputs.get("name")))

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Do nothing: the stack that was referred to is not this one's."""

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function of the engine.

        Raises:
            ProviderError: There is no such function, stack or resource.
        """
        del preview
        if token == "pulumi:pulumi:getResource":
            return self._resource(str(arguments.get("urn", ""))), ()
        if token == "pulumi:pulumi:readStackOutputs":
            return self._reference(arguments.get("name")), ()
        if token == "pulumi:pulumi:readStackResourceOutputs":
            name = str(arguments.get("stackName", ""))
            resources = self._read_stack(name)
            if resources is None:
                return {"name": name, "outputs": UNKNOWN}, ()
            return {"name": name, "outputs": {one.urn: _described(one) for one in resources if not one.delete}}, ()
        msg = f"unrecognized function name: '{token}'"
        raise ProviderError(msg)

    def _only_references(self, urn: str) -> None:
        if resource_type(urn) != STACK_REFERENCE_TYPE:
            msg = (
                f"the embedded engine has no resource type {resource_type(urn)!r}; run this program with"
                " --engine pulumi"
            )
            raise ProviderError(msg)

    def _reference(self, name: PropertyValue) -> Properties:
        resources = self._read_stack(str(name))
        if resources is None:
            return {"name": name, "outputs": UNKNOWN, "secretOutputNames": UNKNOWN}
        root = next((one for one in resources if one.type == STACK_TYPE and not one.delete), None)
        outputs = dict(root.outputs) if root is not None else {}
        secret: list[PropertyValue] = [*sorted(key for key, value in outputs.items() if contains_secret(value))]
        return {"name": name, "outputs": outputs, "secretOutputNames": secret}

    def _resource(self, urn: str) -> Properties:
        resource = self._find(urn)
        if resource is None:
            msg = f"unknown resource {urn}"
            raise ProviderError(msg)
        return _described(resource)


def _described(resource: Resource) -> Properties:
    return {"urn": resource.urn, "id": resource.id, "state": resource.outputs}
