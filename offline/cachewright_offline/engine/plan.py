"""The plan: what a run does, or would do, to each resource.

`check`, `impact` and the reports read only this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_offline.engine.resource import Resource
    from cachewright_offline.provider.protocol import PropertyDiff
    from cachewright_offline.values import Properties

StepOp: TypeAlias = Literal[
    "same",
    "create",
    "update",
    "replace",
    "create-replacement",
    "delete-replaced",
    "delete",
    "read",
    "read-replacement",
    "refresh",
    "import",
    "import-replacement",
    "discard",
    "discard-replaced",
    "remove-pending-replace",
]

_POSITION = re.compile(r"project:///(?P<path>[^#]*)#(?P<line>\d+)(?:,\d+)?")


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """Where the program creates a resource; `file` is relative to the project's root."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @classmethod
    def parse(cls, text: str) -> SourcePosition | None:
        """Return the position that a state's `sourcePosition` names; None where it is not in the project.

        >>> SourcePosition.parse("project:///stacks/__main__.py#12")
        SourcePosition(file='stacks/__main__.py', line=12)
        """
        match = _POSITION.fullmatch(text)
        if match is None or match["path"].startswith("../"):
            return None
        return cls(unquote(match["path"]), int(match["line"]))


@dataclass(slots=True, eq=False)
class Step:
    """One thing done to one resource.

    Attributes:
        op: Pulumi's name for what is done.
        urn: The resource.
        old: Its state before, or None where there was none.
        new: Its state after (a preview's holds unknowns), or None where there is none.
        detailed_diff: What differs, by property path.
        replace_keys: The properties that force a replacement.
        diff_keys: The properties that differ.
        result: What a refresh found: `same`, `update` or `delete`; otherwise `op`.
        pending_delete: The old resource of this replacement is deleted at the end of the run, not before it.
        skipped: A create that is left out because it is not among the targets.
        source: The line of the user's program that creates the resource; what a library's component creates has
            the line of the component.
    """

    op: StepOp
    urn: str
    old: Resource | None = None
    new: Resource | None = None
    detailed_diff: Mapping[str, PropertyDiff] = field(default_factory=dict)
    replace_keys: tuple[str, ...] = ()
    diff_keys: tuple[str, ...] = ()
    result: StepOp | None = None
    pending_delete: bool = False
    skipped: bool = False
    source: SourcePosition | None = None

    @property
    def resource(self) -> Resource:
        """The state the step is about: the new one, or the old one of a delete."""
        found = self.new or self.old
        if found is None:
            msg = f"step {self.op} of {self.urn} has no state"
            raise ValueError(msg)
        return found

    @property
    def type(self) -> str:
        """The resource's type token."""
        return self.resource.type

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.split("::", 3)[3]

    @property
    def parent(self) -> str:
        """The URN of the resource's parent, or empty."""
        return self.resource.parent

    @property
    def dependencies(self) -> tuple[str, ...]:
        """The URNs of the resources it depends on."""
        return tuple(self.resource.dependencies)

    @property
    def logical(self) -> bool:
        """Whether the step counts by itself: the physical halves of a replacement do not."""
        return self.op in {"same", "create", "update", "delete", "replace", "read", "import", "discard"}

    def __repr__(self) -> str:
        return f"<{self.op} {self.urn}>"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step of a run, in the order they began.

    Attributes:
        outputs: The stack's outputs as the run leaves, or would leave, them.
        errors: What made the run fail: the plan is not complete then.
        seed: What automatic names were derived from; an `up` with the same seed chooses the same names.
        kind: What was run; only a refresh counts its refresh steps.
    """

    project: str
    stack: str
    steps: tuple[Step, ...]
    outputs: Properties = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    seed: bytes = b""
    kind: Literal["update", "refresh", "destroy"] = "update"

    @property
    def counts(self) -> dict[str, int]:
        """How many resources have each kind of step, as Pulumi counts them."""
        counts: dict[str, int] = {}
        for step in self.steps:
            is_refresh = self.kind == "refresh" and step.result is not None
            op = step.result if is_refresh and step.result else step.op
            if step.logical or is_refresh:
                counts[op] = counts.get(op, 0) + 1
        return counts

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change something."""
        unchanged = {"same", "read", "refresh"}
        return tuple(step for step in self.steps if step.op not in unchanged)
