"""`cachewright local stop`: end the local AWS."""

from __future__ import annotations

import typer

from cachewright_ops.options import Cwd  # the command's signature is read at run time


def stop(cwd: Cwd = None) -> None:
    """Stop the local AWS; what it held is gone."""
    from cachewright_offline.cloud import control
    from cachewright_ops.commands.local.home import home

    stopped = control.stop(home(cwd))
    typer.echo("The local AWS has stopped." if stopped else "The local AWS was not running.")
