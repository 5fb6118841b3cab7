"""`cachewright local`: the local AWS."""

from __future__ import annotations

import typer

from cachewright_ops.commands.local import advance, export, reset, start, status, stop

app = typer.Typer(no_args_is_help=True, help="The local AWS on 127.0.0.1 that environments come up on.")
app.command()(start.start)
app.command()(stop.stop)
app.command()(status.status)
app.command()(reset.reset)
app.command()(advance.advance)
app.command()(export.export)
