"""Every rule, found by folder and file: `<concern>/<rule>.py` holds one `RULE`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_policies.rule import Rule

CONCERNS: Final = (
    "encryption",
    "authentication",
    "network",
    "availability",
    "backup",
    "lifecycle",
    "capacity",
    "observability",
    "cost",
    "change",
)


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, concern by concern."""
    return tuple(rule for concern in CONCERNS for rule in rules_of(concern))


@cache
def rules_of(concern: str) -> tuple[Rule, ...]:
    """Return the rules of one concern, by file name."""
    folder = Path(__file__).parent / concern
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    return tuple(import_module(f"{__package__}.{concern}.{name}").RULE for name in names)


@cache
def by_name() -> Mapping[str, Rule]:
    """Return every rule by its name."""
    return {rule.name: rule for rule in rules()}


def concern_of(rule: Rule) -> str:
    """Return the concern that a rule belongs to: the folder it stands in."""
    return rule.check.__module__.split(".")[-2]
