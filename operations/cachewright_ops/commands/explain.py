"""`cachewright explain`: what a rule asks for, or what changing a property does."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import Annotated

import typer


def _subjects(incomplete: str) -> list[str]:
    from cachewright_ops.explanations import lookup

    type, dot, _ = incomplete.partition(".")
    known = lookup.properties_of(type) if dot else lookup.names()
    return [one for one in known if one.startswith(incomplete)]


def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="RULE|PROPERTY",
            help="A rule, such as cache-multi-az; a property, such as ReplicationGroup.nodeType; or a type.",
            autocompletion=_subjects,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")] = False,
) -> None:
    """Tell what a rule asks for, why, and how to comply; or what changing a property does to a running cache."""
    from cachewright_ops.explanations import for_machines, for_people, lookup

    found = lookup.find(subject)
    if json:
        from json import dumps

        typer.echo(dumps(for_machines.document(found), indent=2, ensure_ascii=False))
        return
    if sys.stdout.isatty():
        from cachewright_ops.display.console import output

        text = for_people.render(found, colour=not output().no_color, width=get_terminal_size().columns)
    else:
        text = for_people.render(found)
    typer.echo(text, nl=False)
