"""`cachewright local status`: what the local AWS holds."""

from __future__ import annotations

import typer

from cachewright_ops.options import Cwd, Json


def status(cwd: Cwd = None, json: Json = False) -> None:
    """Tell whether the local AWS runs (exit code 0) or not (1), and what it holds."""
    from cachewright_offline.cloud import control
    from cachewright_ops.commands.local.home import home
    from cachewright_ops.commands.local.report import report

    running = control.status(home(cwd))
    if running is None:
        typer.echo(
            '{"running": false}' if json else "The local AWS is not running; `cachewright local start` starts it."
        )
        raise typer.Exit(1)
    report(running, as_json=json)
