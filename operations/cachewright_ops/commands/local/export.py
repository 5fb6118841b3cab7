"""`cachewright local export`: write what the local AWS holds."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Annotated

import typer

from cachewright_ops.options import Cwd  # the command's signature is read at run time

File = Annotated[Path | None, typer.Argument(help="Where to.", show_default="the standard output")]
SecretValues = Annotated[bool, typer.Option("--secret-values", help="Write the values of secrets, too, in clear text.")]


def export(file: File = None, cwd: Cwd = None, secret_values: SecretValues = False) -> None:
    """Write what the local AWS holds, for `cachewright local start --seed`."""
    from cachewright_offline.cloud import control
    from cachewright_offline.errors import CachewrightError
    from cachewright_ops.commands.local.home import home

    exported = control.export(home(cwd), secret_values=secret_values)
    text = json.dumps(exported.document, indent=2) + "\n"
    if file is None:
        typer.echo(text, nl=False)
    else:
        try:
            _write(file, text, private=secret_values)
        except OSError as error:
            message = f"file: {file} cannot be written ({error.strerror}); give a file in a folder that exists"
            raise CachewrightError(message) from error
        typer.echo(f"Wrote {file}.")
    if exported.left_out:
        kinds = ", ".join(f"{count} {kind}" for kind, count in exported.left_out.items())
        typer.echo(f"Not in it: {kinds}.", err=True)


def _write(file: Path, text: str, *, private: bool) -> None:
    """Write a file. One that holds secrets is for its owner alone, whoever could read what was there before."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(file, flags, 0o600 if private else 0o666), "w", encoding="utf-8") as opened:
        if private and stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            os.fchmod(opened.fileno(), 0o600)
        opened.write(text)
