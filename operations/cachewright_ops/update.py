"""What `up`, `preview`, `refresh` and `destroy` have in common: where they go, how they are shown, how they end."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from cachewright_offline.errors import CachewrightError
from cachewright_ops import session
from cachewright_ops.options import Engine, Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cachewright_offline.engine.options import Options
    from cachewright_offline.engine.plan import Plan
    from cachewright_offline.engine.stack import Stack, UpdateResult
    from cachewright_ops.display.reporter import Reporter

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for on the command line."""

    command: str
    cwd: Path | None
    stack: str | None
    engine: Engine = Engine.AUTO
    target: Target = Target.LOCAL
    yes: bool = True
    json: bool = False
    diff: bool = False
    debug: bool = False
    parallel: int = 10
    refresh: bool = False
    urns: tuple[str, ...] = ()
    dependents: bool = False


def carry_out(request: Request, *, needs_cloud: bool, perform: Callable[[Stack, Options], UpdateResult | Plan]) -> None:
    """Carry out a command and leave with its exit code.

    Args:
        request: What was asked for.
        needs_cloud: Whether the local AWS has to run; otherwise it is used if it does.
        perform: Does it.
    """
    if session.uses_pulumi(request.engine, request.target):
        from cachewright_ops import pulumi_update

        pulumi_update.carry_out(request, needs_cloud=needs_cloud)
        return
    from cachewright_ops.display.reporter import make_reporter

    started = False
    if needs_cloud:
        cloud, started = session.started_cloud(request.cwd)
    else:
        found = session.running_cloud(request.cwd)
        cloud = found  # type: ignore[assignment]
    stack = session.open_stack(request.cwd, request.stack, cloud=cloud)
    reporter = make_reporter(request, stack)
    if started:
        reporter.note(f"Started the local AWS at {cloud.url}; `cachewright local stop` ends it.")
    seed = b""
    if not request.yes and not request.json and request.command != "preview":
        seed = _confirm(request, stack, reporter)
    options = _options(request, reporter, seed)
    try:
        with _interruptible(options.cancel, reporter), reporter:
            result = perform(stack, options)
    except CachewrightError as error:
        if reporter.has_told(str(error)) and not request.debug:
            raise typer.Exit(EXIT_USAGE) from None
        raise
    _leave(result)


def _confirm(request: Request, stack: Stack, reporter: Reporter) -> bytes:
    """Show what would happen and ask; return the plan's seed, so that the update chooses the same names."""
    if request.command == "up":
        with reporter:
            plan = stack.preview(_options(request, reporter, b""))
        if plan.errors:
            raise typer.Exit(EXIT_FAILED)
        if not plan.changes:
            return plan.seed
        typer.confirm(f"Perform this update of {stack.name}?", abort=True)
        return plan.seed
    held = sum(1 for one in stack.state.snapshot.resources if one.custom)
    verb = {"destroy": "Delete", "refresh": "Read"}[request.command]
    typer.confirm(f"{verb} the {held} resources of {stack.name}?", abort=True)
    return b""


def _options(request: Request, reporter: Reporter, seed: bytes) -> Options:
    from cachewright_offline.engine.options import Options

    return Options(
        targets=request.urns,
        target_dependents=request.dependents,
        parallel=request.parallel,
        refresh=request.refresh,
        on_event=reporter.on_event,
        debug=request.debug,
        seed=seed,
    )


class _interruptible:  # noqa: N801 - reads as the statement it is
    """While it lasts, Ctrl-C asks the run to end after what is running; a second one ends at once."""

    def __init__(self, cancel: threading.Event, reporter: Reporter) -> None:
        self._cancel = cancel
        self._reporter = reporter
        self._previous: object = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._on_interrupt)

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)  # type: ignore[arg-type]

    def _on_interrupt(self, *_: object) -> None:
        if self._cancel.is_set():
            raise KeyboardInterrupt
        self._cancel.set()
        self._reporter.note(
            "Interrupted: what runs comes to its end, then the state is saved. Ctrl-C again to stop at once."
        )


def _leave(result: UpdateResult | Plan) -> None:
    from cachewright_offline.engine.stack import UpdateResult

    if isinstance(result, UpdateResult):
        if result.result == "canceled":
            raise typer.Exit(EXIT_INTERRUPTED)
        if result.result == "failed":
            raise typer.Exit(EXIT_FAILED)
    elif result.errors:
        raise typer.Exit(EXIT_FAILED)
