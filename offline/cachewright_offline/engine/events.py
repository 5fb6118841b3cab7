"""What a run reports while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.engine.plan import SourcePosition, Step
    from cachewright_offline.values import Properties

Severity: TypeAlias = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class ResourcePre:
    """A step begins."""

    step: Step


@dataclass(frozen=True, slots=True)
class ResourceDone:
    """A step has ended well."""

    step: Step
    seconds: float


@dataclass(frozen=True, slots=True)
class ResourceOutputs:
    """A component, or the stack, has registered its outputs."""

    step: Step


@dataclass(frozen=True, slots=True)
class ResourceFailed:
    """A step has failed."""

    step: Step
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A message to the person at the screen; `urn` names the resource it is about, or is empty."""

    severity: Severity
    message: str
    urn: str = ""
    source: SourcePosition | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """The stack's outputs, secrets still wrapped."""

    outputs: Properties


@dataclass(frozen=True, slots=True)
class Summary:
    """The run is over: how many resources had each kind of step."""

    result: Literal["succeeded", "failed", "canceled"]
    counts: Mapping[str, int]
    seconds: float


Event: TypeAlias = ResourcePre | ResourceDone | ResourceOutputs | ResourceFailed | Diagnostic | Outputs | Summary
