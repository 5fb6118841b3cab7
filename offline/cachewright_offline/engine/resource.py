"""A resource as a stack's state holds it (deployment version 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from cachewright_offline.values import Properties

OperationKind: TypeAlias = Literal["creating", "updating", "deleting", "reading", "importing"]


@dataclass(frozen=True, slots=True)
class CustomTimeouts:
    """How long an operation on a resource may take, in seconds; 0 leaves it to the provider."""

    create: float = 0.0
    update: float = 0.0
    delete: float = 0.0


@dataclass(slots=True)
class Resource:
    """One resource of a snapshot. `inputs` and `outputs` hold `Secret` where a value is secret, never `UNKNOWN`.

    Attributes:
        extra: Members of the state file that this engine does not know: kept, so that a newer Pulumi loses nothing.
    """

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    pending_replacement: bool = False
    delete: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    custom_timeouts: CustomTimeouts | None = None
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    created: str = ""
    modified: str = ""
    source_position: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The resource's name: the last part of its URN."""
        return self.urn.split("::", 3)[3]


@dataclass(slots=True)
class PendingOperation:
    """An operation that was begun and whose end was never recorded."""

    resource: Resource
    type: OperationKind


@dataclass(slots=True)
class Snapshot:
    """All a stack's resources, each after those it depends on.

    Attributes:
        metadata: The deployment's metadata, kept as it is.
    """

    resources: list[Resource] = field(default_factory=list)
    pending_operations: list[PendingOperation] = field(default_factory=list)
    metadata: dict[str, object] = field(default_factory=dict)

    def stack_resource(self) -> Resource | None:
        """Return the root resource, which holds the stack's outputs."""
        return next((one for one in self.resources if one.type == "pulumi:pulumi:Stack" and not one.delete), None)
