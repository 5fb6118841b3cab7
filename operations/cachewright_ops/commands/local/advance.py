"""`cachewright local advance`: move the time of the local AWS."""

from __future__ import annotations

from typing import Annotated

import typer

from cachewright_ops.options import Cwd, Json

Duration = Annotated[str, typer.Argument(help="How far: days, hours, minutes, seconds, as `90s`, `2h` or `1d12h`.")]


def advance(duration: Duration, cwd: Cwd = None, json: Json = False) -> None:
    """Move the time of the local AWS forward: changes end, windows open and snapshots fall due, in their order."""
    from cachewright_offline.cloud import control
    from cachewright_ops.commands.local.home import home
    from cachewright_ops.commands.local.report import report

    running = control.advance(home(cwd), duration)
    if json:
        report(running, as_json=True)
    else:
        typer.echo(f"It is {running.time} now.")
