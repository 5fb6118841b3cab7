"""The options that several subcommands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Engine(StrEnum):
    """Which engine carries out an update."""

    AUTO = "auto"
    EMBEDDED = "embedded"
    PULUMI = "pulumi"


class Target(StrEnum):
    """Where an update goes."""

    LOCAL = "local"
    AWS = "aws"


def _stacks() -> list[str]:
    from cachewright_ops.project_folder import stack_files

    return stack_files(None)


Cwd: TypeAlias = Annotated[
    Path | None,
    typer.Option("--cwd", help="The folder with Pulumi.yaml, or one below it.", file_okay=False, show_default="here"),
]
StackName: TypeAlias = Annotated[
    str | None,
    typer.Option("--stack", "-s", envvar="PULUMI_STACK", help="The stack: one environment.", autocompletion=_stacks),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for machines.")]
Debug: TypeAlias = Annotated[bool, typer.Option("--debug", help="Show tracebacks and the engine's debug messages.")]
Diff: TypeAlias = Annotated[bool, typer.Option("--diff", help="Show what changes in each resource.")]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Go ahead without asking.")]
Parallel: TypeAlias = Annotated[
    int, typer.Option("--parallel", "-p", min=1, max=256, help="How many operations may run at a time.")
]
EngineChoice: TypeAlias = Annotated[
    Engine,
    typer.Option("--engine", help="The engine: `auto` is the embedded one for the local target, Pulumi's for AWS."),
]
TargetChoice: TypeAlias = Annotated[
    Target, typer.Option("--target", help="Where to: the local AWS on this machine, or real AWS through Pulumi.")
]
Urns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--target-urn", help="Only this resource (a URN, or a glob of URNs); may be given several times."),
]
Dependents: TypeAlias = Annotated[
    bool, typer.Option("--target-dependents", help="With --target-urn: what depends on those resources, too.")
]
Refresh: TypeAlias = Annotated[
    bool, typer.Option("--refresh", "-r", help="Read every resource as it is before comparing.")
]
