"""Policy documents of resources: who may do what."""

from __future__ import annotations

import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Allowance:
    """One statement of a policy that allows something.

    Attributes:
        name: Its id, or its place.
        actions: The actions, which may be patterns; those of `NotAction` are left out.
        resources: The resources, which may be patterns; everything where they are named by `NotResource`.
        narrowed: Whether a condition narrows it.
    """

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    narrowed: bool


def open_statements(policy: str) -> Iterator[str]:
    """Yield the statement ids, or places, that allow everybody something with no condition on who it is."""
    for name, one in _allowing(policy):
        if ("NotPrincipal" in one or _everybody(one.get("Principal"))) and not _is_narrowed(one.get("Condition")):
            yield name


def allowances(policy: str) -> Iterator[Allowance]:
    """Yield what a policy of a role, a user or a group allows."""
    for name, one in _allowing(policy):
        resources = ("*",) if "NotResource" in one else _texts(one.get("Resource"))
        yield Allowance(name, _texts(one.get("Action")), resources, bool(one.get("Condition")))


def _allowing(policy: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through the statements that allow something, each with its id or its place; none of what is no document."""
    try:
        document = json.loads(policy)
    except ValueError:
        return
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for index, one in enumerate(statements if isinstance(statements, list) else [statements]):
        if isinstance(one, dict) and one.get("Effect") == "Allow":
            yield str(one.get("Sid") or f"statement {index + 1}"), one


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in (value if isinstance(value, list) else [] if value is None else [value]))


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
