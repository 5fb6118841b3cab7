"""What a program asks a resource to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cachewright_offline.engine.resource import CustomTimeouts
    from cachewright_offline.values import Properties, PropertyValue


@dataclass(frozen=True, slots=True)
class Alias:
    """A former identity of a resource; what is empty is as it is now. `urn` says all by itself."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False
    stack: str = ""
    project: str = ""


@dataclass(slots=True)
class Goal:
    """One registration. `None` in protect, retain_on_delete and delete_before_replace means "not said"."""

    type: str
    name: str
    custom: bool
    inputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool | None = None
    dependencies: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    import_id: str = ""
    custom_timeouts: CustomTimeouts | None = None
    retain_on_delete: bool | None = None
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    replacement_trigger: PropertyValue = None
    source_position: str = ""


@dataclass(slots=True)
class ReadGoal:
    """One request to read a resource that the stack does not own."""

    type: str
    name: str
    id: PropertyValue
    inputs: Properties = field(default_factory=dict)
    parent: str = ""
    dependencies: list[str] = field(default_factory=list)
    provider: str = ""
    additional_secret_outputs: list[str] = field(default_factory=list)
    source_position: str = ""
