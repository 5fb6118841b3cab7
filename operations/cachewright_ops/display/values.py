"""Values as a person may see them: secrets masked, unknowns named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cachewright_offline.values import ResourceReference, Secret, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_offline.values import PropertyValue

MASK = "[secret]"
UNKNOWN_TEXT = "[unknown until it is made]"
_LONGEST = 100


def masked(value: PropertyValue) -> Any:
    """Return a value as JSON-ready data without secrets."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, ResourceReference):
        return value.urn
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def short(value: PropertyValue) -> str:
    """Return a value on one line, cut where it is long."""
    text = json.dumps(masked(value), sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def output_lines(outputs: Mapping[str, Any], indent: str = "  ") -> Iterator[str]:
    """Yield a stack's outputs as lines, objects nested below their name."""
    if not outputs:
        return
    width = max(len(key) for key in outputs)
    for key, value in sorted(outputs.items()):
        if isinstance(value, dict) and value:
            yield f"{indent}{key}"
            yield from output_lines(value, indent + "  ")
        elif value is not None and value != {}:
            text = value if isinstance(value, str) else json.dumps(value)
            yield f"{indent}{key:<{width}}  {text}"
