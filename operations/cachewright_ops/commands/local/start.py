"""`cachewright local start`: start the local AWS."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from cachewright_ops.options import Cwd, Json

Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on.", show_default="4747 if free")
]
Speed = Annotated[
    str | None,
    typer.Option(
        "--speed",
        help="How fast resources change state: `instant`, or so many times faster than on AWS, as `1x` or `60x`.",
        show_default="instant",
    ),
]
Seed = Annotated[
    Path | None, typer.Option("--seed", help="Start with what `cachewright local export` wrote to this file.")
]

Quota = Annotated[
    list[str] | None,
    typer.Option("--quota", help="A quota to raise, as `nodes_per_region=5000`; may be given several times."),
]


def start(
    cwd: Cwd = None,
    port: Port = None,
    speed: Speed = None,
    seed: Seed = None,
    quota: Quota = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay, and stop with Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Start the local AWS, unless it runs, and tell how any SDK reaches it."""
    from cachewright_offline.cloud import control
    from cachewright_ops.commands.local.home import home
    from cachewright_ops.commands.local.report import report

    folder = home(cwd)
    if foreground:
        command = [sys.executable, "-m", "cachewright_offline.cloud", "--home", str(folder)]
        for name, given in (("--port", port), ("--speed", speed), ("--seed", seed)):
            command += [name, str(given)] if given is not None else []
        for value in quota or ():
            command += ["--quota", value]
        raise typer.Exit(subprocess.run(command, check=False).returncode)
    report(control.start(folder, port, speed=speed, seed=seed, quotas=quota or ()), as_json=json)
