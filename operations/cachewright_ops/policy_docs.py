"""Writes docs/policies.md from the rules; `--check` tells whether it is up to date.

Run as `python -m cachewright_ops.policy_docs`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cachewright_ops.checking import rule_text
from cachewright_ops.checking.own_policies import OWN_POLICIES
from cachewright_ops.generated_document import templates, write_or_check
from cachewright_policies import registry

TARGET: Final = Path("docs") / "policies.md"


def render() -> str:
    """Return the whole document."""
    environment = templates()
    environment.filters.update(
        cell=_cell,
        code=lambda text: f"`{text}`",
        defaults=rule_text.defaults,
        effects_of=lambda rule: rule_text.effects(rule).items(),
        example=rule_text.example,
        levels_of=lambda rule, where: rule_text.levels(rule)[where],
        schema_words=rule_text.schema_words,
        short_type=rule_text.short_type,
    )
    return environment.get_template("policies.md.j2").render(
        concerns=[{"name": one, "rules": registry.rules_of(one)} for one in registry.CONCERNS],
        count=len(registry.rules()),
        own_policies=OWN_POLICIES.items(),
    )


def _cell(text: str) -> str:
    """Return a text that can stand in a table."""
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, render, "the rules"))
