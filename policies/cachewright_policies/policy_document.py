"""Policy documents of resources: who may do what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# A condition on one of these says which of all principals are meant.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_NARROWING: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "kms:calleraccount",
        "kms:viaservice",
    }
)


def open_statements(policy: str) -> Iterator[str]:
    """Yield the statement ids, or places, that allow everybody something with no condition on who it is."""
    try:
        document = json.loads(policy)
    except ValueError:
        return
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for index, one in enumerate(statements if isinstance(statements, list) else [statements]):
        if (
            isinstance(one, dict)
            and one.get("Effect") == "Allow"
            and ("NotPrincipal" in one or _everybody(one.get("Principal")))
            and not _is_narrowed(one.get("Condition"))
        ):
            yield str(one.get("Sid") or f"statement {index + 1}")


def _everybody(principal: Any) -> bool:
    if isinstance(principal, dict):
        return any(_everybody(one) for one in principal.values())
    if isinstance(principal, list):
        return "*" in principal
    return bool(principal == "*")


def _is_narrowed(condition: Any) -> bool:
    if not isinstance(condition, dict):
        return False
    return any(
        str(key).lower() in _NARROWING
        for operator, keys in condition.items()
        if isinstance(keys, dict) and not str(operator).lower().startswith(("stringnot", "arnnot", "null"))
        for key in keys
    )
