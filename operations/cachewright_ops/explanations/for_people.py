"""An explanation as lines for a person."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from cachewright.catalog.resource_types import ResourceType
from cachewright_ops.checking.rule_text import (
    defaults,
    effects,
    example,
    framework_words,
    levels,
    schema_words,
    short_type,
)
from cachewright_ops.display.string_console import WIDTH, string_console
from cachewright_ops.explanations.lookup import Named, TypedProperty, short_name
from cachewright_policies.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from cachewright.catalog.resource_types import Property

_EFFECTS: Final = {
    "none": "nothing: the running cache does not notice",
    "online": "online: the cache goes on answering",
    "blip": "a blip: connections drop for a moment, or a node fails over",
    "outage": "an outage: the cache does not answer for a while",
    "replacement": "a replacement: a new resource takes the old one's place",
    "data-loss": "data loss: the cache is replaced by an empty one",
}
_WHEN: Final = {
    "now": "at once",
    "maintenance-window": "in the next maintenance window",
    "follows apply_immediately": "in the next maintenance window, or at once with applyImmediately",
}
_REPLACES: Final = {"yes": "yes", "no": "no", "conditional": "depends on the old and the new value"}


def render(
    subject: Rule | Named | ResourceType | tuple[TypedProperty, ...], *, colour: bool = False, width: int = WIDTH
) -> str:
    """Return the lines; without colour they hold no control codes."""
    stream = io.StringIO()
    console = string_console(stream, colour=colour, width=width)
    if isinstance(subject, Rule):
        _rule(console, subject)
    elif isinstance(subject, Named):
        _heading(console, subject.name, subject.policy.title)
        _rows(console, [("severity", subject.policy.severity.value)])
        _paragraph(console, "Why", subject.policy.description)
        _paragraph(console, "Fix", subject.policy.remediation)
    elif isinstance(subject, ResourceType):
        _type(console, subject)
    else:
        for index, one in enumerate(subject):
            if index:
                console.print()
            _property(console, one)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _rule(console: Console, rule: Rule) -> None:
    _heading(console, rule.name, rule.title)
    told = ", ".join(f"{level} in {where}" for where, level in levels(rule).items())
    rows = [
        ("severity", rule.severity.value),
        ("levels", told),
        ("looks at", ", ".join(map(short_type, rule.types))),
        *(("framework", framework_words(one)) for one in rule.frameworks),
    ]
    _rows(console, rows)
    _link(console, rule.url)
    _paragraph(console, "Why", rule.description)
    _paragraph(console, "Fix", rule.remediation)
    for types, text in effects(rule).items():
        _paragraph(console, f"Effect of the fix on a running {types}", text)
    if rule.settings:
        console.print("\nSettings, in the file of --policy-config", style="bold")
        _rows(
            console,
            [
                (one.name, f"{schema_words(one.schema)}; default {defaults(one)}. {one.schema.get('description', '')}")
                for one in rule.settings
            ],
        )
    _code(console, "Violates it", rule.violating)
    _code(console, "Complies", rule.compliant)


def _type(console: Console, type: ResourceType) -> None:
    _heading(console, short_name(type), type.token)
    inputs = [one for one in type.properties.values() if not one.output]
    _rows(console, [(one.name, _short(one)) for one in inputs])


def _short(property: Property) -> str:
    parts = [property.effect or "effect not known", property.explanation]
    if property.replaces == "yes" and property.effect not in {"replacement", "data-loss"}:
        parts.insert(1, "replaces the resource.")
    return " ".join(part for part in parts if part)


def _property(console: Console, one: TypedProperty) -> None:
    property = one.property
    _heading(console, f"{short_name(one.type)}.{property.name}", one.type.token)
    given = "only AWS gives it" if property.output else "required" if property.required else "optional"
    if not property.output and property.computed:
        given += ", AWS fills it in when it is left out"
    rows = [("value", f"{property.type}{', secret' if property.secret else ''}; {given}")]
    if property.default:
        rows.append(("default", property.default))
    telling = one.telling()
    if not property.output:
        effect = _EFFECTS.get(telling.effect, telling.effect)
        when = _WHEN.get(telling.when, telling.when) if telling.effect != "none" else ""
        rows.append(("changing it", f"{effect}{f'; {when}' if when else ''}"))
        rows.append(("replaces", _REPLACES.get(property.replaces, property.replaces)))
    if property.conflicts:
        rows.append(("not with", ", ".join(property.conflicts)))
    rows += [("what happens", telling.explanation), ("safe path", telling.safe_path)]
    rows.append(("rules", ", ".join(rule.name for rule in one.rules())))
    _rows(console, rows)
    _link(console, property.source)


def _heading(console: Console, name: str, title: str) -> None:
    from rich.text import Text

    console.print(Text.assemble((name, "bold"), f"  {title}"))


def _link(console: Console, url: str) -> None:
    """Print an address on one line, so that it can be followed."""
    from rich.text import Text

    if url:
        console.print(Text(f"  {url}", style="dim"), soft_wrap=True)


def _rows(console: Console, rows: Iterable[tuple[str, str]]) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    shown = [(label, text) for label, text in rows if text]
    table = Table.grid(padding=(0, 2))
    table.add_column(width=min(max((len(label) for label, _ in shown), default=0), console.width // 2))
    table.add_column(overflow="fold")
    for label, text in shown:
        table.add_row(Text(label, style="dim"), Text(text))
    console.print(Padding(table, (0, 0, 0, 2)))


def _paragraph(console: Console, title: str, text: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(f"\n{title}", style="bold")
    console.print(Padding(Text(text), (0, 0, 0, 2)))


def _code(console: Console, title: str, program: str) -> None:
    from rich.padding import Padding
    from rich.syntax import Syntax
    from rich.text import Text

    console.print(f"\n{title}", style="bold")
    code = example(program)
    if console.no_color:
        for line in code.splitlines():
            console.print(Text(f"  {line}"), soft_wrap=True)
    else:
        console.print(Padding(Syntax(code, "python", background_color="default", word_wrap=True), (0, 0, 0, 2)))
