"""`cachewright provider`: serve the local provider to Pulumi's own CLI."""

from __future__ import annotations

import signal
import threading

import typer

from cachewright_ops.options import Cwd, Json


def provider(cwd: Cwd = None, json: Json = False) -> None:
    """Serve the local provider to Pulumi's own CLI, until Ctrl-C.

    Any `pulumi` command in whose environment PULUMI_DEBUG_PROVIDERS has the printed value works on the local AWS, which
    is started if it does not run.
    """
    from cachewright_offline.plugin.server import PluginServer
    from cachewright_ops import session

    cloud, started = session.started_cloud(cwd)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with PluginServer(cloud) as server:
        if json:
            import json as encoder

            document = {
                "endpoint": cloud.url,
                "ports": server.ports,
                "environment": {"PULUMI_DEBUG_PROVIDERS": server.debug_providers},
            }
            typer.echo(encoder.dumps(document))
        else:
            if started:
                typer.echo(f"Started the local AWS at {cloud.url}; `cachewright local stop` ends it.")
            typer.echo("Point Pulumi's CLI at it, in another shell; Ctrl-C ends it:")
            typer.echo(f"  export PULUMI_DEBUG_PROVIDERS={server.debug_providers}")
        over.wait()
