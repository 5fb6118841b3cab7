"""`up`, `preview`, `refresh`, `destroy` and `outputs` on Pulumi's own engine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from cachewright_ops import session
from cachewright_ops.options import Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from cachewright_ops.pulumi_cli import Cli
    from cachewright_ops.pulumi_workspace import Workspace
    from cachewright_ops.update import Request

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130


def carry_out(request: Request, *, needs_cloud: bool) -> None:
    """Carry out a command and leave with its exit code.

    Args:
        request: What was asked for.
        needs_cloud: Whether the local AWS has to run, where it is the target.
    """
    from pulumi.automation import CommandError, ConcurrentUpdateError

    from cachewright_offline.errors import StackLockedError
    from cachewright_ops.pulumi_cli import Cli

    cli = Cli(_purpose(request.target))
    with _workspace(cli, request, needs_cloud=needs_cloud) as workspace:
        show = _Show(request)
        try:
            if not request.yes and not request.json and request.command != "preview":
                _perform(request, workspace, show, preview=True)
                typer.confirm(f"Perform this {request.command} of {workspace.stack.name}?", abort=True)
            outputs = _perform(request, workspace, show, preview=request.command == "preview")
        except ConcurrentUpdateError as error:
            msg = (
                f"the stack {workspace.stack.name!r} is locked by another update; wait for it to end, or run"
                f" `pulumi cancel --stack {workspace.stack.name}` if it no longer runs"
            )
            raise StackLockedError(msg) from error
        except CommandError:
            # Pulumi has said, on these streams, what is wrong.
            raise typer.Exit(EXIT_INTERRUPTED if cli.interrupted else EXIT_FAILED) from None
        show.outputs(outputs)
    if cli.interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


def read_outputs(cwd: Path | None, stack: str | None, target: Target) -> dict[str, tuple[Any, bool]]:
    """Return a stack's outputs as Pulumi's CLI tells them: the value, and whether it is secret."""
    from cachewright_ops.pulumi_cli import Cli
    from cachewright_ops.pulumi_workspace import on_local_aws, on_real_aws

    cli = Cli(_purpose(target))
    if target is Target.LOCAL:
        # A stack that was never brought up is an error here, too, and stays one.
        session.open_stack(cwd, stack, cloud=None, any_runtime=True).outputs()
    opened = (
        on_real_aws(cli, cwd, stack)
        if target is Target.AWS
        else on_local_aws(cli, cwd, stack, session.running_cloud(cwd), changes=False)
    )
    with opened as workspace:
        return {name: (one.value, one.secret) for name, one in workspace.stack.outputs().items()}


def _purpose(target: Target) -> str:
    return "real AWS" if target is Target.AWS else "--engine pulumi"


def _workspace(cli: Cli, request: Request, *, needs_cloud: bool) -> AbstractContextManager[Workspace]:
    from cachewright_ops.pulumi_workspace import on_local_aws, on_real_aws

    if request.target is Target.AWS:
        return on_real_aws(cli, request.cwd, request.stack)
    if needs_cloud:
        cloud, started = session.started_cloud(request.cwd)
        if started and not request.json:
            typer.echo(f"Started the local AWS at {cloud.url}; `cachewright local stop` ends it.")
        return on_local_aws(cli, request.cwd, request.stack, cloud, changes=True)
    return on_local_aws(cli, request.cwd, request.stack, session.running_cloud(request.cwd), changes=False)


class _Show:
    """Streams what Pulumi says: its own text, or one JSON object a line."""

    def __init__(self, request: Request) -> None:
        self._json = request.json
        self.options: dict[str, Any] = {}
        if request.json:
            from cachewright_ops.display.engine_events import EngineEventPrinter

            self._printer = EngineEventPrinter(debug=request.debug)
            self.options["on_event"] = self._printer.on_event
        else:
            self.options["on_output"] = _say(sys.stdout)
            self.options["color"] = "always" if sys.stdout.isatty() else "never"
        self.options["on_error"] = _say(sys.stderr)

    def outputs(self, outputs: dict[str, Any] | None) -> None:
        """Show the outputs, where Pulumi's text does not tell them already, and end."""
        if self._json:
            self._printer.finish(outputs)


def _say(stream: Any) -> Callable[[str], None]:
    def say(line: str) -> None:
        stream.write(f"{line}\n")
        stream.flush()

    return say


def _perform(request: Request, workspace: Workspace, show: _Show, *, preview: bool) -> dict[str, Any] | None:
    """Run the command, or what it would do; return the stack's outputs after an update."""
    options: dict[str, Any] = {
        **show.options,
        "parallel": request.parallel,
        "diff": request.diff or None,
        "debug": request.debug or None,
        "target": list(request.urns) or None,
        "target_dependents": request.dependents or None,
        "config_file": workspace.config_file,
    }
    # Asked for its history with secrets, the CLI writes its salt into the project's settings.
    quiet: dict[str, Any] = {"show_secrets": False}
    stack = workspace.stack
    refresh = True if workspace.moved or request.refresh else None
    if workspace.moved and not request.json:
        typer.echo("The stack's state was made on another instance of the local AWS: it is refreshed first.")
    if request.command == "refresh":
        if preview:
            stack.preview_refresh(**options, **quiet)
            return None
        stack.refresh(**options, **quiet)
    elif request.command == "destroy":
        stack.destroy(**options, **quiet, refresh=refresh, preview_only=preview or None)
    elif preview:
        stack.preview(**options, refresh=refresh)
    else:
        found = stack.up(**options, **quiet, refresh=refresh)
        return {name: "[secret]" if one.secret else one.value for name, one in found.outputs.items()}
    return None
