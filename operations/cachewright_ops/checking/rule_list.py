"""The list of rules, for a person or a machine."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from cachewright_ops.checking.checks import configured
from cachewright_ops.checking.rule_text import levels
from cachewright_policies import registry
from cachewright_policies.rule import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cachewright_policies.rule import Rule

_WIDTH = 140


def render(environment: Environment | None, policy_config: Path | None, format: str, width: int | None) -> str:
    """Return the rules with their levels.

    Args:
        environment: Whose levels to tell; None for production's.
        policy_config: The file with levels and settings; None for the defaults.
        format: `json`, or anything else for lines.
        width: The width of the terminal; None where there is none.

    Raises:
        CachewrightError: The configuration of the rules is wrong.
    """
    held = environment or Environment.PROD
    configuration = configured(policy_config, registry.rules(), held)
    rows = []
    for rule in registry.rules():
        level = configuration.level(rule)
        rows.append((rule, "off" if level is None else level.value))
    if format == "json":
        document = {"environment": held.value, "rules": [_entry(rule, level) for rule, level in rows]}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return "".join(_lines(rows, held, width or _WIDTH))


def _entry(rule: Rule, level: str) -> dict[str, Any]:
    return {
        "name": rule.name,
        "title": rule.title,
        "concern": registry.concern_of(rule),
        "severity": rule.severity.value,
        "level": level,
        "levels": dict(levels(rule)),
        "types": list(rule.types),
        "tags": list(rule.tags),
        "frameworks": {one.name: list(one.controls) for one in rule.frameworks},
        "settings": {one.name: {"schema": dict(one.schema), "default": one.default} for one in rule.settings},
        "url": rule.url,
    }


def _lines(rows: list[tuple[Rule, str]], environment: Environment, width: int) -> Iterator[str]:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    stream = io.StringIO()
    console = Console(file=stream, width=width, no_color=True, highlight=False, markup=False, emoji=False)
    for concern in registry.CONCERNS:
        table = Table.grid(padding=(0, 2))
        for size in (max(len(rule.name) for rule, _ in rows) + 2, 8, 9):
            table.add_column(width=size, no_wrap=True)
        table.add_column()
        for rule, level in rows:
            if registry.concern_of(rule) == concern:
                table.add_row(*(Text(one) for one in (f"  {rule.name}", rule.severity.value, level, rule.title)))
        console.print(concern)
        console.print(table)
    console.print(
        f"\n{len(rows)} rules, with their levels in {environment.value}; `cachewright explain RULE` tells all of one."
    )
    for line in stream.getvalue().splitlines():
        yield f"{line.rstrip()}\n"
