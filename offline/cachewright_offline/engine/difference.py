"""What the step generator knows about how a resource differs, and how `replace_on_changes` sharpens it.

Source: Pulumi's pkg/resource/deploy/step_generator.go (applyReplaceOnChanges).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cachewright_offline.engine import property_path
from cachewright_offline.engine.errors import StepError
from cachewright_offline.provider.protocol import DiffKind, PropertyDiff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cachewright_offline.provider.protocol import DiffResult

_INIT_ERROR: Final = "#initerror"
_TO_REPLACE: Final = {
    DiffKind.ADD: DiffKind.ADD_REPLACE,
    DiffKind.DELETE: DiffKind.DELETE_REPLACE,
    DiffKind.UPDATE: DiffKind.UPDATE_REPLACE,
}
_INVERSE: Final = {
    DiffKind.ADD: DiffKind.DELETE,
    DiffKind.ADD_REPLACE: DiffKind.DELETE_REPLACE,
    DiffKind.DELETE: DiffKind.ADD,
    DiffKind.DELETE_REPLACE: DiffKind.ADD_REPLACE,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a resource differs from its state."""

    changed: bool = False
    replace_keys: tuple[str, ...] = ()
    diff_keys: tuple[str, ...] = ()
    detailed: Mapping[str, PropertyDiff] = field(default_factory=dict)
    delete_before_replace: bool = False

    @classmethod
    def of(cls, result: DiffResult) -> Difference:
        """Return what a provider's answer says."""
        return cls(
            result.changed,
            result.replace_keys,
            result.changed_keys,
            result.detailed,
            result.delete_before_replace,
        )

    @classmethod
    def blaming(cls, key: str) -> Difference:
        """Return a replacement that `key` is the reason of."""
        return cls(changed=True, replace_keys=(key,))


def inverted(detailed: Mapping[str, PropertyDiff]) -> dict[str, PropertyDiff]:
    """Return the same differences seen from the other side: what was added is deleted."""
    return {path: replace(diff, kind=_INVERSE.get(diff.kind, diff.kind)) for path, diff in detailed.items()}


def with_replace_on_changes(difference: Difference, patterns: Sequence[str], *, init_errors: bool) -> Difference:
    """Return `difference` with the paths that `replace_on_changes` names as reasons of a replacement.

    Raises:
        StepError: A pattern is no property path.
    """
    if not patterns or not (difference.changed or init_errors):
        return difference
    try:
        paths = [property_path.parse(pattern) for pattern in patterns]
    except ValueError as error:
        msg = f"replace_on_changes: {error} in {', '.join(map(repr, patterns))}; write paths such as 'tags.Name'"
        raise StepError(msg) from error

    def named(text: str) -> bool:
        return any(property_path.contains(path, property_path.parse(text)) for path in paths)

    detailed = {
        path: replace(diff, kind=_TO_REPLACE.get(diff.kind, diff.kind)) if named(path) else diff
        for path, diff in difference.detailed.items()
    }
    forced = [key for key in difference.diff_keys if named(key)]
    # A pattern below a top-level property makes that property the reason.
    forced += [
        path.split(".", 1)[0].split("[", 1)[0]
        for path, diff in detailed.items()
        if diff.kind.replaces and path in difference.detailed and not difference.detailed[path].kind.replaces
    ]
    changed = difference.changed
    if init_errors and named(_INIT_ERROR):
        forced.append(_INIT_ERROR)
        detailed[_INIT_ERROR] = PropertyDiff(DiffKind.UPDATE_REPLACE, input_diff=False)
        changed = True
    keys = tuple(dict.fromkeys([*difference.replace_keys, *forced]))
    return replace(difference, changed=changed, replace_keys=keys, detailed=detailed)
