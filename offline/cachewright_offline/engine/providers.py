"""The providers of a run, each under its reference `<urn>::<id>`, and the life of provider resources.

A provider is loaded and checked when its resource is registered, configured when that resource is created, updated
or found unchanged, and looked up by every resource it manages. Providers of the state that the program no longer
registers are loaded when something of theirs has to be deleted or read.
Source: Pulumi's pkg/resource/deploy/providers/registry.go.
"""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Protocol

from cachewright_offline.engine import secrecy
from cachewright_offline.engine.errors import StepError
from cachewright_offline.engine.urn import UNKNOWN_ID, package_of, provider_id, provider_urn, resource_type
from cachewright_offline.provider.protocol import CheckResult, DiffResult, PartialError, ResourceState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cachewright_offline.engine.resource import Resource
    from cachewright_offline.provider.protocol import CheckFailure, Provider
    from cachewright_offline.values import Properties

_INTERNAL = "__internal"


class ProviderHandle(Protocol):
    """A provider as the step generator and the executor see it: values may hold secrets."""

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Validate and complete inputs."""

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare a state with checked inputs."""

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Create a resource."""

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read a resource; None when it is gone."""

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
        """Update a resource in place."""

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Delete a resource."""

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function."""


class SecretKeeper:
    """Lets a provider that knows no secrets work with values that hold them."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._secret_outputs: dict[str, Sequence[str]] = {}

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Validate and complete inputs."""
        old = None if old_inputs is None else secrecy.revealed(old_inputs)
        result = self.provider.check(urn, old, secrecy.revealed(new_inputs), random_seed)
        return CheckResult(secrecy.marked(result.inputs, new_inputs), result.failures)

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare a state with checked inputs."""
        return self.provider.diff(
            urn, id, secrecy.revealed(old_inputs), secrecy.revealed(old_outputs), secrecy.revealed(new_inputs)
        )

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Create a resource."""
        try:
            state = self.provider.create(
                urn, secrecy.revealed(inputs), preview=preview, operation=operation, timeout=timeout
            )
        except PartialError as error:
            raise PartialError(str(error), self._marked(urn, error.state, inputs, inputs)) from error
        return self._marked(urn, state, inputs, inputs)

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read a resource; None when it is gone."""
        state = self.provider.read(urn, id, secrecy.revealed(inputs), secrecy.revealed(outputs))
        return None if state is None else self._marked(urn, state, inputs, outputs)

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
        """Update a resource in place."""
        try:
            state = self.provider.update(
                urn,
                id,
                secrecy.revealed(old_inputs),
                secrecy.revealed(old_outputs),
                secrecy.revealed(new_inputs),
                preview=preview,
                operation=operation,
                timeout=timeout,
            )
        except PartialError as error:
            raise PartialError(str(error), self._marked(urn, error.state, new_inputs, new_inputs)) from error
        return self._marked(urn, state, new_inputs, new_inputs)

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Delete a resource."""
        self.provider.delete(
            urn, id, secrecy.revealed(inputs), secrecy.revealed(outputs), operation=operation, timeout=timeout
        )

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function."""
        return self.provider.invoke(token, secrecy.revealed(arguments), preview=preview)

    def _marked(
        self, urn: str, state: ResourceState, like_inputs: Properties, like_outputs: Properties
    ) -> ResourceState:
        type = resource_type(urn)
        names = self._secret_outputs.get(type)
        if names is None:
            names = self._secret_outputs[type] = tuple(self.provider.secret_outputs(type))
        outputs = secrecy.marked_names(secrecy.marked(state.outputs, like_outputs), names)
        inputs = secrecy.marked(state.inputs, like_inputs)
        # What a read finds for a secret output that is an input too (an import) must not stand bare in the inputs.
        inputs = secrecy.marked(inputs, outputs)
        if outputs is state.outputs and inputs is state.inputs:
            return state
        return ResourceState(state.id, inputs, outputs)


class ProviderRegistry:
    """Loads, configures and finds providers. It is itself the provider of provider resources.

    Args:
        load: Returns a new, not yet configured provider of a package.
        builtin: The provider of the package `pulumi`.
        preview: Whether the run is a preview: provider resources get no real ids then.
    """

    def __init__(self, load: Callable[[str], Provider], builtin: ProviderHandle, *, preview: bool) -> None:
        self._load = load
        self._builtin = builtin
        self._preview = preview
        self._lock = threading.RLock()
        self._configured: dict[str, ProviderHandle] = {}
        self._unconfigured: dict[str, Provider] = {}
        self._states: dict[str, Resource] = {}

    def know(self, resources: list[Resource]) -> None:
        """Remember the provider resources of a state, so that `ensure` can load them."""
        for resource in resources:
            if resource.type.startswith("pulumi:providers:"):
                self._states[f"{resource.urn}::{resource.id}"] = resource

    def find(self, reference: str) -> ProviderHandle | None:
        """Return the provider under `reference`, if it is configured."""
        return self._configured.get(reference)

    def ensure(self, reference: str) -> ProviderHandle | None:
        """Return the provider under `reference`, loading it with its configuration in the state.

        Raises:
            StepError: Neither the run nor the state knows it.
        """
        if not reference:
            return None
        with self._lock:
            found = self._configured.get(reference)
            if found is None:
                state = self._states.get(reference)
                if state is None:
                    msg = f"could not find provider {provider_urn(reference)} with id {provider_id(reference)}"
                    raise StepError(msg)
                self.same(state, state.inputs)
                found = self._configured[reference]
            return found

    def alias(self, old_reference: str, new_reference: str) -> None:
        """Let a provider that got a new URN be found under its old one too."""
        with self._lock:
            if new_reference in self._configured:
                self._configured[old_reference] = self._configured[new_reference]

    def same(self, state: Resource, inputs: Properties) -> None:
        """Configure an unchanged provider resource with `inputs`, if that has not been done."""
        reference = f"{state.urn}::{state.id}"
        with self._lock:
            if reference not in self._configured:
                provider = self._unconfigured.pop(state.urn, None)
                self._configure(state.urn, reference, provider, inputs)

    def _new(self, urn: str) -> Provider | None:
        package = package_of(resource_type(urn))
        return None if package == "pulumi" else self._load(package)

    def _configure(self, urn: str, reference: str, provider: Provider | None, inputs: Properties) -> None:
        provider = provider or self._new(urn)
        if provider is None:
            self._configured[reference] = self._builtin
            return
        configuration = secrecy.revealed(_without_internal(inputs))
        provider.configure(configuration)
        self._configured[reference] = SecretKeeper(provider)

    # What follows makes the registry the provider of provider resources.

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:  # noqa: ARG002
        """Load the provider and let it check its configuration."""
        provider = self._new(urn)
        if provider is None:
            return CheckResult(new_inputs)
        result = provider.check_config(secrecy.revealed(_without_internal(new_inputs)))
        if result.failures:
            return result
        with self._lock:
            self._unconfigured[urn] = provider
        inputs = dict(secrecy.marked(result.inputs, new_inputs))
        for key in ("version", _INTERNAL):
            if key in new_inputs:
                inputs[key] = new_inputs[key]
        return CheckResult(inputs)

    def diff(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,  # noqa: ARG002
        new_inputs: Properties,
    ) -> DiffResult:
        """Compare two configurations of a provider."""
        with self._lock:
            provider = self._unconfigured.get(urn)
            handle = self._configured.get(f"{urn}::{id}")
        if provider is None:
            if not isinstance(handle, SecretKeeper):
                return DiffResult()
            provider = handle.provider
        return self.diff_config(provider, old_inputs, new_inputs)

    def diff_config(self, provider: Provider, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Ask `provider` to compare two configurations."""
        old, new = _without_internal(old_inputs), _without_internal(new_inputs)
        return provider.diff_config(secrecy.revealed(old), secrecy.revealed(new))

    def diff_between(self, reference: str, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare two configurations with the provider under `reference`.

        Raises:
            StepError: There is no such provider.
        """
        handle = self.ensure(reference)
        return (
            self.diff_config(handle.provider, old_inputs, new_inputs)
            if isinstance(handle, SecretKeeper)
            else DiffResult()
        )

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:  # noqa: ARG002
        """Configure a new provider and give it its id."""
        id = UNKNOWN_ID if preview else str(uuid.uuid4())
        with self._lock:
            self._configure(urn, f"{urn}::{id}", self._unconfigured.pop(urn, None), inputs)
        return ResourceState(id, inputs, _without_internal(inputs))

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Refuse: a provider resource exists in the state only."""
        del id, inputs, outputs
        msg = "provider resources may not be read"
        raise StepError(msg, urn)

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,  # noqa: ARG002
        old_outputs: Properties,  # noqa: ARG002
        new_inputs: Properties,
        *,
        preview: bool,  # noqa: ARG002
        operation: str,  # noqa: ARG002
        timeout: float,  # noqa: ARG002
    ) -> ResourceState:
        """Configure a provider anew under its old id."""
        with self._lock:
            self._configure(urn, f"{urn}::{id}", self._unconfigured.pop(urn, None), new_inputs)
        return ResourceState(id, new_inputs, _without_internal(new_inputs))

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Forget a provider."""
        del inputs, outputs, operation, timeout
        with self._lock:
            self._configured.pop(f"{urn}::{id}", None)

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Refuse: functions belong to a configured provider."""
        del arguments, preview
        msg = f"the function {token} was sent to no provider"
        raise StepError(msg)


def _without_internal(inputs: Properties) -> Properties:
    return {key: value for key, value in inputs.items() if key != _INTERNAL}
