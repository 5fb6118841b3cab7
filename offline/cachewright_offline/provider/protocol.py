"""What the engine asks of a provider: Pulumi's ResourceProvider protocol in plain Python.

The embedded engine calls it directly; the gRPC door serves the same object to Pulumi's own engine. Values are
plain property values without `Secret` (the engine reveals inputs and marks outputs secret again); `UNKNOWN`
appears in preview only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cachewright_offline.values import Properties


class DiffKind(Enum):
    """How one property differs, in Pulumi's words for `detailedDiff`."""

    ADD = "add"
    ADD_REPLACE = "add-replace"
    DELETE = "delete"
    DELETE_REPLACE = "delete-replace"
    UPDATE = "update"
    UPDATE_REPLACE = "update-replace"

    @property
    def replaces(self) -> bool:
        """Whether this difference makes the provider replace the resource."""
        return self.value.endswith("-replace")


@dataclass(frozen=True, slots=True)
class PropertyDiff:
    """One entry of a detailed diff."""

    kind: DiffKind
    input_diff: bool = True


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """One input that the provider refuses; `property` is a path (`parameters[0].name`), or empty for the whole."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Inputs with the provider's defaults and names filled in, and what is wrong with them."""

    inputs: Properties
    failures: tuple[CheckFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffResult:
    """What an update would do. Keys are property paths (`tags.Name`, `parameters[0].value`)."""

    detailed: Mapping[str, PropertyDiff] = field(default_factory=dict)
    delete_before_replace: bool = False
    stables: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.detailed)

    @property
    def replace_keys(self) -> tuple[str, ...]:
        """Top-level properties that force a replacement, in order of appearance."""
        keys = (top_level(path) for path, diff in self.detailed.items() if diff.kind.replaces)
        return tuple(dict.fromkeys(keys))

    @property
    def changed_keys(self) -> tuple[str, ...]:
        """Top-level properties that differ, in order of appearance."""
        return tuple(dict.fromkeys(top_level(path) for path in self.detailed))


@dataclass(frozen=True, slots=True)
class ResourceState:
    """A resource as the provider reads it: its id, its inputs as a program would write them, all its outputs."""

    id: str
    inputs: Properties
    outputs: Properties


class ProviderError(Exception):
    """The provider, or AWS behind it, refused an operation. `str()` is one readable message."""


class PartialError(ProviderError):
    """An operation failed after the resource came to be: what was made is kept in state.

    Attributes:
        state: The resource as far as it was made.
    """

    def __init__(self, message: str, state: ResourceState) -> None:
        super().__init__(message)
        self.state = state


class UnknownTypeError(ProviderError):
    """The provider has no handler for a resource type or a function."""


class Provider(Protocol):
    """One configured provider (a default one, or an explicit provider resource of a program).

    `operation` names one logical operation and is stable over retries of it: the local AWS answers a repeated
    call of the same operation with the answer it gave before, so that a create that was cut off is finished and
    never done twice.
    """

    package: str

    def check_config(self, inputs: Properties) -> CheckResult:
        """Check and complete the provider's own configuration."""

    def diff_config(self, old_inputs: Properties, new_inputs: Properties) -> DiffResult:
        """Compare two configurations; a changed region replaces the provider."""

    def configure(self, inputs: Properties) -> None:
        """Take the configuration; called once before any resource method below."""

    def check(self, urn: str, old_inputs: Properties | None, new_inputs: Properties, random_seed: bytes) -> CheckResult:
        """Validate `new_inputs` and fill in defaults and the automatic name.

        An automatic name is taken over from `old_inputs` when the program still leaves the name out; a new one
        is derived from the resource's name and `random_seed`, so that a preview and its update agree.
        """

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare a resource's state with checked inputs (ignore_changes is already applied to them)."""

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Create a resource, or, with `preview`, foretell it: id '' and unknown outputs."""

    def read(self, urn: str, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read a resource as it is now, or None when it is gone. With empty inputs it is an import: all is read."""

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
        """Bring a resource to `new_inputs` in place. Safe to call again after it was cut off."""

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Delete a resource and wait until it is gone. A resource that is gone already is no error."""

    def invoke(
        self, token: str, arguments: Properties, *, preview: bool
    ) -> tuple[Properties, tuple[CheckFailure, ...]]:
        """Answer a function (data source)."""

    def secret_outputs(self, type_token: str) -> Sequence[str]:
        """Name the outputs of a type that are always secret."""


def top_level(path: str) -> str:
    """Return the first key of a property path.

    >>> top_level("parameters[0].value")
    'parameters'
    """
    return path.split(".", 1)[0].split("[", 1)[0]


def unwrapped_type(urn: str) -> str:
    """Return the resource type that a URN ends in, without its parents' types.

    >>> unwrapped_type("urn:pulumi:dev::p::cachewright:index:ReplicationGroup$aws:kms/key:Key::k")
    'aws:kms/key:Key'
    """
    return urn.split("::")[2].rsplit("$", 1)[-1]
