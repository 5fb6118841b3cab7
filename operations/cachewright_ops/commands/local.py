"""`cachewright local`: the local AWS."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cachewright_ops.options import Cwd, Json

if TYPE_CHECKING:
    from pathlib import Path

    from cachewright_offline.cloud.control import Running

app = typer.Typer(no_args_is_help=True, help="The local AWS on 127.0.0.1 that environments come up on.")

Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on.", show_default="4747 if free")
]


@app.command()
def start(
    cwd: Cwd = None,
    port: Port = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay, and stop with Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Start the local AWS, unless it runs, and tell how any SDK reaches it."""
    from cachewright_offline.cloud import control

    home = _home(cwd)
    if foreground:
        command = [sys.executable, "-m", "cachewright_offline.cloud", "--home", str(home)]
        raise typer.Exit(subprocess.run([*command, *(["--port", str(port)] if port else [])], check=False).returncode)
    _report(control.start(home, port), as_json=json)


@app.command()
def stop(cwd: Cwd = None) -> None:
    """Stop the local AWS; what it held is gone."""
    from cachewright_offline.cloud import control

    stopped = control.stop(_home(cwd))
    typer.echo("The local AWS has stopped." if stopped else "The local AWS was not running.")


@app.command()
def status(cwd: Cwd = None, json: Json = False) -> None:
    """Tell whether the local AWS runs (exit code 0) or not (1), and what it holds."""
    from cachewright_offline.cloud import control

    running = control.status(_home(cwd))
    if running is None:
        typer.echo(
            '{"running": false}' if json else "The local AWS is not running; `cachewright local start` starts it."
        )
        raise typer.Exit(1)
    _report(running, as_json=json)


@app.command()
def reset(cwd: Cwd = None, json: Json = False) -> None:
    """Empty the local AWS; it gets a new instance id."""
    from cachewright_offline.cloud import control

    _report(control.reset(_home(cwd)), as_json=json)


def _home(cwd: Path | None) -> Path:
    from cachewright_ops.project_folder import find_root

    return find_root(cwd) / ".cachewright" / "cloud"


def _report(running: Running, *, as_json: bool) -> None:
    import json

    environment = {
        "AWS_ENDPOINT_URL": running.endpoint.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "running": True,
                    "endpoint": running.endpoint.url,
                    "pid": running.pid,
                    "port": running.port,
                    "instance_id": running.endpoint.instance_id,
                    "environment": environment,
                    "resources": dict(running.resources),
                }
            )
        )
        return
    typer.echo(f"The local AWS runs at {running.endpoint.url} (pid {running.pid}).")
    held = ", ".join(f"{count} {kind}" for kind, count in running.resources.items() if count)
    typer.echo(f"It holds {held}." if held else "It holds nothing.")
    typer.echo("Point any AWS SDK, the AWS CLI or Terraform at it:")
    for name, value in environment.items():
        typer.echo(f"  export {name}={value}")
