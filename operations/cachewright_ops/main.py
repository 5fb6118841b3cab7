"""The command's entry: the list of subcommands, and what becomes of errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cachewright_ops.commands import check, destroy, explain, local, outputs, preview, provider, refresh, up

app = typer.Typer(
    name="cachewright",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Amazon ElastiCache as Python objects on Pulumi: bring an environment up, here or on AWS.",
)
app.command()(up.up)
app.command()(preview.preview)
app.command()(refresh.refresh)
app.command()(destroy.destroy)
app.command()(outputs.outputs)
app.command()(check.check)
app.command()(explain.explain)
app.command()(provider.provider)
app.add_typer(local.app, name="local")

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"cachewright {version('cachewright')}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a subcommand."""


def main() -> None:
    """Run the command; every error that a person can mend is one message and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except Exception as error:
        from cachewright_offline.errors import CachewrightError

        if not isinstance(error, CachewrightError) or "--debug" in sys.argv:
            raise
        from cachewright_ops.display.console import print_error

        print_error(str(error))
        sys.exit(EXIT_USAGE)
