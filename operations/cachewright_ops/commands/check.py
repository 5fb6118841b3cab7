"""`cachewright check`: hold a program against the policies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cachewright_ops.options import Cwd, Debug, StackName

if TYPE_CHECKING:
    from cachewright_ops.checking.program import CheckedProgram
    from cachewright_ops.checking.report import Report


class Format(StrEnum):
    """The forms of the report."""

    TEXT = "text"
    JSON = "json"


class Unknown(StrEnum):
    """What becomes of findings that cannot be decided."""

    IGNORE = "ignore"
    REPORT = "report"
    FAIL = "fail"


class For(StrEnum):
    """What a stack is for."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The project's folder.", file_okay=False, show_default="here")
    ] = None,
    cwd: Cwd = None,
    stack: StackName = None,
    environment: Annotated[
        For | None,
        typer.Option("--environment", "-e", help="Whose levels hold.", show_default="what the stack's name says"),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="The form of the report.")] = Format.TEXT,
    policy_config: Annotated[
        Path | None,
        typer.Option("--policy-config", help="Levels and settings of rules, as for Pulumi's --policy-pack-config."),
    ] = None,
    unknown: Annotated[
        Unknown, typer.Option("--unknown", help="What becomes of findings that only an update can decide.")
    ] = Unknown.REPORT,
    today: Annotated[
        datetime | None,
        typer.Option("--today", formats=["%Y-%m-%d"], help="The day that dated facts are compared with."),
    ] = None,
    config: Annotated[
        list[str] | None,
        typer.Option("--config", "-c", metavar="KEY=VALUE", help="A configuration value that beats the stack file's."),
    ] = None,
    fixtures: Annotated[
        Path | None,
        typer.Option(
            "--fixtures", help="Answers for functions that need AWS and for stack references, as JSON or YAML."
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option("--state", help="Check what `pulumi stack export` wrote, instead of a program.", dir_okay=False),
    ] = None,
    preview: Annotated[
        Path | None,
        typer.Option(
            "--preview",
            help="Check what `pulumi preview --json --show-sames` wrote, instead of a program.",
            dir_okay=False,
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Hold a program's caches and what surrounds them against the policies. Nothing is reached or changed.

    Exit codes: 0 nothing mandatory is violated; 1 something is; 2 the program or a configuration is wrong.
    """
    del debug
    from cachewright_offline.engine.project import Project
    from cachewright_ops.checking import checks, program
    from cachewright_ops.checking.fixtures import assignments, read
    from cachewright_ops.checking.report import UnknownAs
    from cachewright_ops.passphrase import given_passphrase
    from cachewright_ops.project_folder import choose_stack, find_root
    from cachewright_policies.evaluation import today as this_day
    from cachewright_policies.rule import Environment

    if state is not None or preview is not None:
        checked, name, subject = _recorded(state, preview, stack)
    else:
        root = find_root(folder or cwd)
        name = choose_stack(stack, root)
        project = Project.load(root)
        subject = f"{project.name}, stack {name}"
        answers = None if fixtures is None else read(fixtures)
        checked = program.run(project, name, given_passphrase(), assignments(config or ()), answers)
    demand = checks.Demand(
        environment=None if environment is None else Environment(environment.value),
        policy_config=policy_config,
        unknown_as=UnknownAs(unknown.value),
        today=this_day() if today is None else today.date(),
    )
    report = checks.check(checked, name, subject, demand)
    typer.echo(_rendered(format, report), nl=False)
    raise typer.Exit(1 if report.fails else 0)


def _recorded(state: Path | None, preview: Path | None, stack: str | None) -> tuple[CheckedProgram, str, str]:
    """Return the resources of a file, the stack they are of, and what is checked in words.

    Raises:
        CachewrightError: Two files are given, or the file is wrong.
    """
    from cachewright_offline.errors import CachewrightError
    from cachewright_ops import recorded_plans
    from cachewright_ops.checking import program
    from cachewright_ops.display.console import print_warning
    from cachewright_ops.passphrase import given_passphrase

    if state is not None and preview is not None:
        msg = "--state and --preview exclude each other, found both; give one"
        raise CachewrightError(msg)
    if state is not None:
        plan = recorded_plans.of_state(state, given_passphrase())
    elif preview is not None:
        plan, left_out = recorded_plans.of_preview(preview)
        if left_out:
            print_warning(
                f"{preview} leaves out {left_out} unchanged resources, which rules may need; make it with"
                " `pulumi preview --json --show-sames`"
            )
    return program.of_plan(plan), stack or plan.stack, f"{preview or state}, stack {stack or plan.stack}"


def _rendered(format: Format, report: Report) -> str:
    from importlib import import_module

    form = import_module(f"cachewright_ops.checking.formats.{format.value}")
    rendered: str = form.render(report)
    return rendered
