"""`cachewright check`: hold a program against the policies."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from shutil import get_terminal_size
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
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


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
        typer.Option(
            "--environment", "-e", help="Whose levels hold.", show_default="what its configuration or its name says"
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="The form of the report on standard output.", show_default="text"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="[FORMAT=]FILE",
            help="Write a report to a file, too; several may be given. The suffix tells the format: .json .sarif .xml"
            " .md .txt.",
        ),
    ] = None,
    policy_config: Annotated[
        Path | None,
        typer.Option("--policy-config", help="Levels and settings of rules, as for Pulumi's --policy-pack-config."),
    ] = None,
    waivers: Annotated[
        Path | None,
        typer.Option(
            "--waivers",
            help="What is waived.",
            show_default="waivers.yaml in the project, if it is there",
            dir_okay=False,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", help="Let only findings fail that this file does not know.", dir_okay=False),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", help="Write what is found as the baseline of later checks.", dir_okay=False),
    ] = None,
    unknown: Annotated[
        Unknown | None,
        typer.Option(
            "--unknown",
            help="What becomes of findings that only an update can decide.",
            show_default="what the policy configuration says of `undecided`, else report",
        ),
    ] = None,
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
    list_rules: Annotated[
        bool, typer.Option("--list", help="List the rules instead of checking; with --json for machines.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Hold a program's caches and what surrounds them against the policies. Nothing is reached or changed.

    Exit codes: 0 nothing mandatory is violated; 1 something is; 2 the program or a configuration is wrong.
    """
    del debug
    from cachewright_policies.rule import Environment

    form = _form(format, json)
    chosen = None if environment is None else Environment(environment.value)
    if list_rules:
        from cachewright_ops.checking import rule_list

        typer.echo(rule_list.render(chosen, policy_config, form.value, _width()), nl=False)
        return
    from cachewright_ops.checking import baseline as known
    from cachewright_ops.checking import checks, destinations, places
    from cachewright_ops.checking.fixtures import assignments, read
    from cachewright_ops.checking.interruption import ends_at_once
    from cachewright_ops.checking.report import UnknownAs
    from cachewright_ops.display.progress import working
    from cachewright_ops.passphrase import given_passphrase
    from cachewright_policies.evaluation import today as this_day

    files = destinations.destinations(output or ())
    if write_baseline is not None:
        destinations.require_writable(write_baseline, "--write-baseline")
    kept = None if baseline is None else known.read(baseline)
    values = assignments(config or ())
    with ends_at_once(), working() as tell:
        if state is not None or preview is not None:
            place = places.of_recorded(folder or cwd)
            checked, name, subject = _recorded(state, preview, stack)
        else:
            from cachewright_offline.engine.project import Project
            from cachewright_ops.checking import program
            from cachewright_ops.project_folder import choose_stack, find_root

            root = find_root(folder or cwd)
            name = choose_stack(stack, root)
            project = Project.load(root)
            place = places.of_project(project)
            subject = f"{project.name}, stack {name}"
            answers = None if fixtures is None else read(fixtures)
            tell(f"Running the program of {subject}")
            checked = program.run(project, name, given_passphrase(), values, answers)
        tell(f"Holding {len(checked.graph.resources)} resources against the rules")
        demand = checks.Demand(
            environment=chosen,
            policy_config=policy_config,
            unknown_as=None if unknown is None else UnknownAs(unknown.value),
            today=this_day() if today is None else today.date(),
            waivers=place.waivers(waivers),
            baseline=kept,
            place=place,
        )
        report = checks.check(checked, name, subject, demand)
    for one in files:
        destinations.write(one.file, _rendered(one.format, report), "--output")
    typer.echo(_rendered(form.value, report, terminal=sys.stdout.isatty()), nl=False)
    if write_baseline is not None:
        from cachewright_ops.display.console import print_note

        text, count = known.of_findings(report.findings)
        destinations.write(write_baseline, text, "--write-baseline")
        print_note(f"{count} findings written to {write_baseline}; with --baseline only new ones fail")
        return
    raise typer.Exit(1 if report.fails else 0)


def _form(format: Format | None, json: bool) -> Format:
    """Return the form that two options ask for.

    Raises:
        CachewrightError: They ask for different ones.
    """
    if json and format not in {None, Format.JSON}:
        from cachewright_offline.errors import CachewrightError

        msg = f"--json and --format {format} exclude each other; give one"
        raise CachewrightError(msg)
    return Format.JSON if json else format or Format.TEXT


def _width() -> int | None:
    """Return the width of the terminal, or None where standard output is none."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


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


def _rendered(format: str, report: Report, *, terminal: bool = False) -> str:
    from importlib import import_module

    form = import_module(f"cachewright_ops.checking.formats.{format}")
    if format == Format.TEXT and terminal:
        from cachewright_ops.display.console import output

        shown: str = form.render(report, colour=not output().no_color, width=get_terminal_size().columns)
        return shown
    rendered: str = form.render(report)
    return rendered
