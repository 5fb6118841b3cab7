"""What the providers of all packages do alike: find the handler of a type and call it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from cachewright_offline.provider import functions, handlers, schema
from cachewright_offline.provider.call import Call
from cachewright_offline.provider.clients import Clients, Operation, operating
from cachewright_offline.provider.errors import translated
from cachewright_offline.provider.protocol import (
    DiffResult,
    ProviderError,
    ResourceState,
    UnknownTypeError,
    unwrapped_type,
)
from cachewright_offline.provider.resource import Change
from cachewright_offline.provider.settings import ProviderSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.provider.protocol import CheckFailure, CheckResult
    from cachewright_offline.provider.resource import ResourceHandler
    from cachewright_offline.values import Properties, PropertyValue

T = TypeVar("T")

READ_TIMEOUT_SECONDS = 120.0


class DispatchingProvider(ABC):
    """A provider whose resource types are handlers."""

    package: ClassVar[str]

    def __init__(self, cloud: CloudEndpoint | None) -> None:
        self.settings = ProviderSettings(cloud=cloud)
        self._clients = Clients(self.settings)
        self._handlers: dict[str, ResourceHandler] = {}

    @abstractmethod
    def check_config(self, inputs: Properties) -> CheckResult:
        """Check and complete the provider's own configuration."""

    @abstractmethod
    def diff_config(self, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare two configurations."""

    def configure(self, inputs: Properties) -> None:
        """Take the configuration."""
        self.settings = self.settings_from(inputs)
        self._clients = Clients(self.settings)
        self._handlers = {}

    def settings_from(self, inputs: Properties) -> ProviderSettings:
        """Return the settings that a configuration says."""
        del inputs
        return self.settings

    def handler(self, token: str) -> ResourceHandler:
        """Return the handler of a resource type.

        Raises:
            UnknownTypeError: There is none.
        """
        handler = self._handlers.get(token)
        if handler is None:
            found = handlers.find(token)
            properties = schema.load(token)
            if found is None or properties is None:
                raise UnknownTypeError(_how_to_add(token, has_handler=found is not None))
            handler = self._handlers.setdefault(token, found(properties, self.settings))
        return handler

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Validate inputs and fill in defaults and the automatic name."""
        return self.handler(unwrapped_type(urn)).check(_name(urn), old_inputs, new_inputs, random_seed)

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare a resource's state with checked inputs."""
        del id
        return self.handler(unwrapped_type(urn)).diff(old_inputs, old_outputs, new_inputs)

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Create a resource, or foretell it."""
        handler = self.handler(unwrapped_type(urn))
        if preview:
            return ResourceState("", inputs, handler.preview_create(inputs))
        call = self._call(inputs, timeout or handler.timeouts[0])
        return _guarded(operation, lambda: handler.create(call, inputs))

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read a resource as it is now."""
        handler = self.handler(unwrapped_type(urn))
        call = self._call({**outputs, **inputs}, READ_TIMEOUT_SECONDS)
        return _guarded("", lambda: handler.read(call, id, inputs, outputs))

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
        """Bring a resource to `new_inputs` in place, or foretell it."""
        handler = self.handler(unwrapped_type(urn))
        if preview:
            outputs = handler.preview_update(Change(old_inputs, old_outputs, new_inputs))
            return ResourceState(id, new_inputs, outputs)
        call = self._call({**old_outputs, **new_inputs}, timeout or handler.timeouts[1])
        return _guarded(operation, lambda: handler.update(call, id, old_outputs, old_inputs, new_inputs))

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Delete a resource and wait until it is gone."""
        handler = self.handler(unwrapped_type(urn))
        call = self._call({**outputs, **inputs}, timeout or handler.timeouts[2])
        _guarded(operation, lambda: handler.delete(call, id, inputs, outputs))

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function."""
        del preview
        answer = functions.find(token)
        if answer is None:
            raise UnknownTypeError(_how_to_add_function(token))
        given: Properties = {key: value for key, value in arguments.items() if value is not None}
        call = self._call(given, READ_TIMEOUT_SECONDS)
        return _guarded("", lambda: answer(call, given)), ()

    def secret_outputs(self, type_token: str) -> Sequence[str]:
        """Name the outputs of a type that are always secret."""
        return self.handler(type_token).schema.secrets

    def _call(self, properties: Mapping[str, PropertyValue], timeout: float) -> Call:
        region = self.settings.region_of(properties)
        if not isinstance(region, str):
            msg = "region: the provider's region is not known yet"
            raise ProviderError(msg)
        return Call(self._clients, self.settings, region, time.monotonic() + timeout)


def _guarded(operation: str, work: Callable[[], T]) -> T:
    with operating(Operation(operation) if operation else None):
        try:
            return work()
        except Exception as error:
            problem = translated(error)
            if problem is None:
                raise
            raise problem from error


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _file_name(token: str) -> str:
    package, module, _ = token.split(":")
    place, name = module.split("/")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return f"{package}_{snake}" if package != "aws" else f"{place}_{snake}".lower()


def _how_to_add(token: str, *, has_handler: bool) -> str:
    file = _file_name(token) if token.count(":") == 2 and "/" in token else "its_name"
    if has_handler:
        return (
            f"the catalog has no table of the properties of {token}: "
            f"add cachewright/catalog/resource_types/{file}.csv and name it in resource_types.csv"
        )
    return (
        f"the local provider has no handler for {token}. Add cachewright_offline/provider/handlers/{file}.py with a "
        "ResourceHandler, name it in a table of provider/handlers/tables/, and list its properties in "
        f"cachewright/catalog/resource_types/{file}.csv; or run the program on real AWS "
        "(`--target aws`)."
    )


def _how_to_add_function(token: str) -> str:
    file = _file_name(token) if token.count(":") == 2 and "/" in token else "its_name"
    return (
        f"the local provider has no function {token}. Add cachewright_offline/provider/functions/{file}.py with "
        "`answer(call, arguments)` and name it in a table of provider/functions/tables/; or run the program on "
        "real AWS (`--target aws`)."
    )
